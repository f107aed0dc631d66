import assert from 'node:assert/strict';
import { it } from 'node:test';
import { awsVariables, certificateFilesOf, certificateVariables } from './aws-environment.ts';

it('a process gets the endpoint, a region, credentials and a certificate bundle', () => {
  const place = { endpointUrl: 'http://127.0.0.1:4566', region: 'eu-west-1' };
  const plain = {
    AWS_ENDPOINT_URL: place.endpointUrl,
    AWS_ENDPOINT_URL_S3_CONTROL: 'http://localhost:4566',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
  };
  assert.deepEqual(awsVariables(place), plain);
  const credentials = { accessKeyId: '111122223333', secretAccessKey: 's', sessionToken: 't' };
  assert.deepEqual(awsVariables({ ...place, credentials, certificates: '/b.pem' }), {
    ...plain,
    AWS_ACCESS_KEY_ID: '111122223333',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 't',
    AWS_CA_BUNDLE: '/b.pem',
    SSL_CERT_FILE: '/b.pem',
    REQUESTS_CA_BUNDLE: '/b.pem',
    NODE_EXTRA_CA_CERTS: '/b.pem',
  });
});

it('an endpoint with a host name is also S3 Control’s', () => {
  const place = { endpointUrl: 'https://millpond.example:4566', region: 'eu-west-1' };
  assert.equal(awsVariables(place).AWS_ENDPOINT_URL_S3_CONTROL, place.endpointUrl);
});

it('a machine gets S3 Control’s endpoint under a name that is not its own', () => {
  const place = { endpointUrl: 'http://169.254.169.253:4566', region: 'eu-west-1' };
  assert.equal(awsVariables(place).AWS_ENDPOINT_URL_S3_CONTROL, 'http://s3-control.localhost:4566');
});

it('the user’s bundle variables are replaced, and their files are read', () => {
  const environment = {
    CURL_CA_BUNDLE: '/c.pem',
    SSL_CERT_FILE: '/s.pem',
    AWS_CA_BUNDLE: '',
    PIP_CERT: '/p.pem',
  };
  assert.equal(certificateVariables('/b.pem', environment).CURL_CA_BUNDLE, '/b.pem');
  assert.equal(certificateVariables('/b.pem').CURL_CA_BUNDLE, undefined);
  assert.deepEqual(certificateFilesOf(environment), ['/s.pem', '/c.pem']);
});
