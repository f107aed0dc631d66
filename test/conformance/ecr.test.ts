// ECR as its clients see it: the SDK for JavaScript and the AWS CLI.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';
import {
  digestOf,
  manifestOf,
  OCI_IMAGE,
  OCI_INDEX,
  pushContent,
  startRegistry,
  typed,
} from '../support/registry.ts';

const MEBIBYTE = 1024 * 1024;
const HOST = '000000000000.dkr.ecr.us-east-1.amazonaws.com';

describe('repositories', () => {
  it('are created, described in pages, and deleted', async (test) => {
    const { client, ask } = await startRegistry(test);
    const { repository } = await client.createRepository({
      repositoryName: 'team/app',
      tags: [{ Key: 'a', Value: 'b' }],
    });
    assert.deepEqual(
      { ...repository, createdAt: undefined },
      {
        repositoryArn: 'arn:aws:ecr:us-east-1:000000000000:repository/team/app',
        registryId: '000000000000',
        repositoryName: 'team/app',
        repositoryUri: `${HOST}/team/app`,
        createdAt: undefined,
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: 'AES256' },
      },
    );
    await assert.rejects(client.createRepository({ repositoryName: 'team/app' }), {
      name: 'RepositoryAlreadyExistsException',
      message: "The repository with name 'team/app' already exists in the registry with id '000000000000'",
    });
    await client.createRepository({ repositoryName: 'app' });
    const first = await client.describeRepositories({ maxResults: 1 });
    const second = await client.describeRepositories({ maxResults: 1, nextToken: first.nextToken });
    assert.deepEqual(
      [first, second].flatMap(({ repositories }) =>
        repositories!.map(({ repositoryName }) => repositoryName),
      ),
      ['app', 'team/app'],
    );
    assert.equal(second.nextToken, undefined);
    await assert.rejects(client.describeRepositories({ repositoryNames: ['none'] }), {
      name: 'RepositoryNotFoundException',
      message: "The repository with name 'none' does not exist in the registry with id '000000000000'",
    });
    await assert.rejects(client.createRepository({ repositoryName: 'Upper' }), {
      name: 'InvalidParameterException',
      message:
        /^Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '/,
    });
    const manifest = await pushContent(ask, 'app');
    await ask('PUT', 'app/manifests/a', { body: manifest, ...typed(OCI_IMAGE) });
    await assert.rejects(client.deleteRepository({ repositoryName: 'app' }), {
      name: 'RepositoryNotEmptyException',
    });
    await client.deleteRepository({ repositoryName: 'app', force: true });
    await client.createRepository({ repositoryName: 'app' });
    assert.deepEqual((await client.listImages({ repositoryName: 'app' })).imageIds, []);
    assert.equal((await client.describeRegistry({})).registryId, '000000000000');
  });

  it('have tags, settings and policies', async (test) => {
    const { client } = await startRegistry(test);
    const { repository } = await client.createRepository({ repositoryName: 'app' });
    const repositoryName = 'app';
    const resourceArn = repository!.repositoryArn!;
    await client.tagResource({
      resourceArn,
      tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await client.untagResource({ resourceArn, tagKeys: ['a', 'none'] });
    assert.deepEqual((await client.listTagsForResource({ resourceArn })).tags, [{ Key: 'b', Value: '2' }]);
    const reserved = [{ Key: 'aws:x', Value: '' }];
    await assert.rejects(client.tagResource({ resourceArn, tags: reserved }), {
      name: 'InvalidTagParameterException',
    });
    const imageTagMutabilityExclusionFilters = [{ filterType: 'WILDCARD' as const, filter: 'dev*' }];
    await client.putImageTagMutability({
      ...{
        repositoryName,
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters,
      },
    });
    await assert.rejects(
      client.putImageTagMutability({
        repositoryName,
        imageTagMutability: 'IMMUTABLE',
        imageTagMutabilityExclusionFilters,
      }),
      { name: 'InvalidParameterException' },
    );
    await client.putImageScanningConfiguration({
      repositoryName,
      imageScanningConfiguration: { scanOnPush: true },
    });
    const { repositories } = await client.describeRepositories({});
    assert.deepEqual(
      repositories![0]!.imageTagMutabilityExclusionFilters,
      imageTagMutabilityExclusionFilters,
    );
    assert.equal(repositories![0]!.imageScanningConfiguration!.scanOnPush, true);

    const policyText = JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: 'ecr:*' }] });
    await client.setRepositoryPolicy({ repositoryName, policyText });
    assert.equal((await client.getRepositoryPolicy({ repositoryName })).policyText, policyText);
    assert.equal((await client.deleteRepositoryPolicy({ repositoryName })).policyText, policyText);
    await assert.rejects(client.deleteRepositoryPolicy({ repositoryName }), {
      name: 'RepositoryPolicyNotFoundException',
    });
    await assert.rejects(client.setRepositoryPolicy({ repositoryName, policyText: '{}' }), {
      name: 'InvalidParameterException',
    });
    const selection = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 };
    const lifecyclePolicyText = JSON.stringify({
      rules: [{ rulePriority: 1, description: 'one', selection, action: { type: 'expire' } }],
    });
    await client.putLifecyclePolicy({ repositoryName, lifecyclePolicyText });
    assert.equal(
      (await client.getLifecyclePolicy({ repositoryName })).lifecyclePolicyText,
      lifecyclePolicyText,
    );
    await client.deleteLifecyclePolicy({ repositoryName });
    await assert.rejects(client.getLifecyclePolicy({ repositoryName }), {
      name: 'LifecyclePolicyNotFoundException',
    });
  });

  it('are not scanned', async (test) => {
    const { client } = await startRegistry(test);
    await client.createRepository({ repositoryName: 'app' });
    const refused = { name: 'NotImplemented' };
    await assert.rejects(
      client.startImageScan({ repositoryName: 'app', imageId: { imageTag: 'a' } }),
      refused,
    );
    await assert.rejects(
      client.describeImageScanFindings({ repositoryName: 'app', imageId: { imageTag: 'a' } }),
      refused,
    );
  });
});

describe('images', () => {
  it('are pushed and pulled by the API alone, in layers of several parts', async (test) => {
    const { client, ask } = await startRegistry(test);
    const repositoryName = 'app';
    await client.createRepository({ repositoryName });
    const layer = randomBytes(12 * MEBIBYTE);
    const layerDigest = digestOf(layer);
    const push = async (bytes: Buffer, part: number): Promise<string> => {
      const { uploadId } = await client.initiateLayerUpload({ repositoryName });
      for (let partFirstByte = 0; partFirstByte < bytes.length; partFirstByte += part) {
        const layerPartBlob = bytes.subarray(partFirstByte, partFirstByte + part);
        const partLastByte = partFirstByte + layerPartBlob.length - 1;
        const answer = await client.uploadLayerPart({
          ...{ repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob },
        });
        assert.equal(answer.lastByteReceived, partLastByte);
      }
      return uploadId!;
    };
    const uploadId = await push(layer, 10 * MEBIBYTE);
    const again = { partFirstByte: 0, partLastByte: 0, layerPartBlob: Buffer.from('x') };
    await assert.rejects(client.uploadLayerPart({ repositoryName, uploadId, ...again }), {
      name: 'InvalidLayerPartException',
      lastValidByteReceived: layer.length - 1,
    });
    const complete = (id: string, digest: string) =>
      client.completeLayerUpload({ repositoryName, uploadId: id, layerDigests: [digest] });
    await assert.rejects(complete(uploadId, digestOf('other')), { name: 'InvalidLayerException' });
    assert.equal((await complete(uploadId, layerDigest)).layerDigest, layerDigest);
    await assert.rejects(complete(uploadId, layerDigest), { name: 'UploadNotFoundException' });
    const config = Buffer.from('{}');
    await assert.rejects(complete(await push(Buffer.from('many parts'), 4), digestOf('many parts')), {
      name: 'LayerPartTooSmallException',
    });
    await complete(await push(config, MEBIBYTE), digestOf(config));
    await assert.rejects(complete(await push(config, MEBIBYTE), digestOf(config)), {
      name: 'LayerAlreadyExistsException',
    });
    const { uploadId: empty } = await client.initiateLayerUpload({ repositoryName });
    await assert.rejects(complete(empty!, digestOf('')), { name: 'EmptyUploadException' });
    const layerDigests = [layerDigest, digestOf('none'), 'x'];
    const { layers, failures } = await client.batchCheckLayerAvailability({ repositoryName, layerDigests });
    assert.deepEqual(
      layers!.map(({ layerAvailability, layerSize }) => [layerAvailability, layerSize]),
      [
        ['AVAILABLE', layer.length],
        ['UNAVAILABLE', undefined],
      ],
    );
    assert.equal(failures![0]!.failureCode, 'InvalidLayerDigest');

    const imageManifest = manifestOf({ digest: digestOf(config), size: 2 }, [
      { digest: layerDigest, size: layer.length },
    ]);
    const { image } = await client.putImage({ repositoryName, imageManifest, imageTag: 'a' });
    const imageDigest = digestOf(imageManifest);
    assert.deepEqual(image!.imageId, { imageDigest, imageTag: 'a' });
    await assert.rejects(client.putImage({ repositoryName, imageManifest, imageTag: 'a' }), {
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${imageDigest}' and tag 'a' already exists in the repository with name 'app' in registry with id '000000000000'`,
    });
    await assert.rejects(client.putImage({ repositoryName, imageManifest: '{}' }), {
      name: 'InvalidParameterException',
    });
    const other = manifestOf({ digest: digestOf('none'), size: 4 }, []);
    await assert.rejects(client.putImage({ repositoryName, imageManifest: other }), {
      name: 'LayersNotFoundException',
    });
    await assert.rejects(client.putImage({ repositoryName, imageManifest, imageDigest: digestOf('x') }), {
      name: 'ImageDigestDoesNotMatchException',
    });
    const found = await client.batchGetImage({
      repositoryName,
      imageIds: [{ imageTag: 'a' }, { imageTag: 'none' }, { imageTag: 'a', imageDigest: digestOf('x') }, {}],
    });
    assert.equal(found.images![0]!.imageManifest, imageManifest);
    assert.deepEqual(
      found.failures!.map(({ failureCode }) => failureCode),
      ['ImageNotFound', 'ImageTagDoesNotMatchDigest', 'MissingDigestAndTag'],
    );
    assert.equal((await ask('HEAD', 'app/manifests/a')).headers.get('docker-content-digest'), imageDigest);
    const { downloadUrl } = await client.getDownloadUrlForLayer({ repositoryName, layerDigest });
    assert.equal(digestOf(new Uint8Array(await (await fetch(downloadUrl!)).arrayBuffer())), layerDigest);
  });

  it('are listed and described, and deleted with their last tag', async (test) => {
    const { client, ask, clock } = await startRegistry(test);
    const repositoryName = 'app';
    await client.createRepository({ repositoryName });
    const put = async (reference: string, body: string, type = OCI_IMAGE) =>
      assert.equal((await ask('PUT', `app/manifests/${reference}`, { body, ...typed(type) })).status, 201);
    const [one, two] = [await pushContent(ask, 'app'), await pushContent(ask, 'app')];
    const [first, second] = [digestOf(one), digestOf(two)];
    await put('a', one);
    await put('b', one);
    await put(second, two);
    const manifests = [{ mediaType: OCI_IMAGE, digest: second, size: two.length }];
    const index = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    await put('multi', index, OCI_INDEX);
    const ids = async (tagStatus: 'TAGGED' | 'UNTAGGED' | 'ANY') => {
      const { imageIds } = await client.listImages({ repositoryName, filter: { tagStatus } });
      return imageIds!.map(({ imageTag, imageDigest }) => imageTag ?? imageDigest).sort();
    };
    assert.deepEqual(await ids('TAGGED'), ['a', 'b', 'multi']);
    assert.deepEqual(await ids('UNTAGGED'), [second]);
    const { imageDetails } = await client.describeImages({ repositoryName, imageIds: [{ imageTag: 'a' }] });
    assert.deepEqual(imageDetails![0]!.imageTags, ['a', 'b']);
    assert.equal(imageDetails![0]!.lastRecordedPullTime, undefined);
    assert.deepEqual(imageDetails![0]!.imagePushedAt, new Date(clock.at));
    await ask('GET', 'app/manifests/a');
    const again = await client.describeImages({ repositoryName, imageIds: [{ imageDigest: first }] });
    assert.deepEqual(again.imageDetails![0]!.lastRecordedPullTime, new Date(clock.at));
    await assert.rejects(client.describeImages({ repositoryName, imageIds: [{ imageTag: 'none' }] }), {
      name: 'ImageNotFoundException',
      message:
        "The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository with name 'app' in registry with id '000000000000'",
    });
    const page = await client.describeImages({ repositoryName, maxResults: 2 });
    assert.equal(page.imageDetails!.length, 2);
    assert.equal(
      (await client.describeImages({ repositoryName, nextToken: page.nextToken })).imageDetails!.length,
      1,
    );

    const remove = async (...imageIds: { imageTag?: string; imageDigest?: string }[]) => {
      const { failures, imageIds: deleted } = await client.batchDeleteImage({ repositoryName, imageIds });
      return { deleted, failed: failures!.map(({ failureCode }) => failureCode) };
    };
    assert.deepEqual((await remove({ imageDigest: second })).failed, ['ImageReferencedByManifestList']);
    assert.deepEqual((await remove({ imageTag: 'a' })).deleted, [{ imageDigest: first, imageTag: 'a' }]);
    assert.equal((await ask('HEAD', 'app/manifests/b')).status, 200);
    await remove({ imageTag: 'b' });
    assert.equal((await ask('HEAD', `app/manifests/${first}`)).status, 404);
    assert.deepEqual((await remove({ imageDigest: second }, { imageTag: 'multi' })).failed, []);
    assert.deepEqual(await ids('ANY'), []);
  });
});

describe('the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  it('prints the command that logs docker in, and the password', async (test) => {
    const { url, ask } = await startRegistry(test);
    const aws = async (...words: string[]) =>
      (await run(AWS_CLI, ['ecr', ...words], awsEnvironment(url))).stdout.trim();
    const login = await aws('get-login', '--no-include-email');
    const [, password] = new RegExp(
      `^docker login -u AWS -p (\\S+) https://${HOST.replaceAll('.', '\\.')}$`,
    ).exec(login)!;
    assert.match(
      await aws('get-login', '--registry-ids', '123456789012'),
      / -e none https:\/\/123456789012\.dkr\./,
    );
    const headers = { authorization: `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}` };
    assert.equal((await ask('GET', '', { headers })).status, 200);
    const alone = await aws('get-login-password');
    const basic = { authorization: `Basic ${Buffer.from(`AWS:${alone}`).toString('base64')}` };
    assert.equal((await ask('GET', '', { headers: basic })).status, 200);
  });
});
