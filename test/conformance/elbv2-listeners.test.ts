// Listeners and rules of load balancers as the SDK for JavaScript sees them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBalancer, serveBalancing } from '../support/balancers.ts';
import { refuses } from '../support/ec2.ts';

const CERTIFICATE = (number: number) => `arn:aws:acm:us-east-1:000000000000:certificate/${number}`;

describe('listeners', () => {
  it('are created, described, modified and deleted', async (test) => {
    const served = await serveBalancing(test);
    const { elb, recorded } = served;
    const { LoadBalancerArn, TargetGroupArn, ListenerArn } = await makeBalancer(served);
    const forward = { Type: 'forward', TargetGroupArn } as const;
    const { Listeners } = await elb.describeListeners({ LoadBalancerArn });
    assert.deepEqual(Listeners, [
      {
        ...{ ListenerArn, LoadBalancerArn, Port: 80, Protocol: 'HTTP' },
        DefaultActions: [
          {
            ...forward,
            ForwardConfig: {
              TargetGroups: [{ TargetGroupArn, Weight: 1 }],
              TargetGroupStickinessConfig: { Enabled: false },
            },
          },
        ],
      },
    ]);
    const input = { LoadBalancerArn, Port: 80, Protocol: 'HTTP' } as const;
    const again = await elb.createListener({ ...input, DefaultActions: Listeners![0]!.DefaultActions });
    assert.equal(again.Listeners![0]!.ListenerArn, ListenerArn, 'what Describe shows can be sent back');
    await refuses(
      elb.createListener({
        ...input,
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
      }),
      'DuplicateListenerException',
      `A listener already exists on this port for this load balancer '${LoadBalancerArn}'`,
    );
    const { Listeners: made } = await elb.createListener({
      ...{ LoadBalancerArn, Port: 443, Protocol: 'HTTPS' },
      Certificates: [{ CertificateArn: CERTIFICATE(1) }],
      DefaultActions: [forward],
    });
    assert.deepEqual(
      [made![0]!.Certificates, made![0]!.SslPolicy, made![0]!.MutualAuthentication],
      [[{ CertificateArn: CERTIFICATE(1) }], 'ELBSecurityPolicy-2016-08', { Mode: 'off' }],
    );
    const Secure = made![0]!.ListenerArn!;
    await elb.addListenerCertificates({
      ListenerArn: Secure,
      Certificates: [{ CertificateArn: CERTIFICATE(2) }],
    });
    await refuses(
      elb.removeListenerCertificates({
        ListenerArn: Secure,
        Certificates: [{ CertificateArn: CERTIFICATE(1) }],
      }),
      'OperationNotPermittedException',
    );
    const { Certificates } = await elb.describeListenerCertificates({ ListenerArn: Secure });
    assert.deepEqual(Certificates, [
      { CertificateArn: CERTIFICATE(1), IsDefault: true },
      { CertificateArn: CERTIFICATE(2), IsDefault: false },
    ]);
    await elb.removeListenerCertificates({
      ListenerArn: Secure,
      Certificates: [{ CertificateArn: CERTIFICATE(2) }],
    });
    await refuses(
      elb.modifyListener({ ListenerArn: Secure, Port: 80 }),
      'ValidationError',
      "Listener port '80' is already in use",
    );
    const changed = await elb.modifyListener({
      ListenerArn: Secure,
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    assert.equal(changed.Listeners![0]!.SslPolicy, 'ELBSecurityPolicy-TLS13-1-2-2021-06');
    const { Attributes } = await elb.describeListenerAttributes({ ListenerArn: Secure });
    assert.equal(Attributes!.length, 19);
    const first = { Key: 'routing.http.response.server.enabled', Value: 'true' };
    await elb.modifyListenerAttributes({ ListenerArn: Secure, Attributes: [first] });
    await refuses(
      elb.modifyListenerAttributes({ ListenerArn: Secure, Attributes: [{ ...first, Value: 'false' }] }),
      'NotImplemented',
    );
    await elb.deleteListener({ ListenerArn: Secure });
    await refuses(
      elb.describeListeners({ ListenerArns: [Secure] }),
      'ListenerNotFoundException',
      'One or more listeners not found',
    );
    assert.deepEqual(
      recorded.balancers.get(LoadBalancerArn)!.listeners.map(({ port }) => port),
      [80],
    );
  });

  it('are refused in AWS’s words', async (test) => {
    const served = await serveBalancing(test);
    const { elb } = served;
    const { LoadBalancerArn, TargetGroupArn } = await makeBalancer(served);
    const other = await makeBalancer(served, 'other');
    const forward = [{ Type: 'forward', TargetGroupArn }];
    const fixed = (config: object) => [{ Type: 'fixed-response', FixedResponseConfig: config }];
    const redirect = (config: object) => [
      { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', ...config } },
    ];
    const refused: [object, string, (string | RegExp)?][] = [
      [{ Protocol: 'TCP' }, 'ValidationError', "Listener protocol 'TCP' must be one of 'HTTP, HTTPS'"],
      [{ Port: undefined }, 'ValidationError', 'A listener port must be specified'],
      [{ Protocol: undefined }, 'ValidationError', 'A listener protocol must be specified'],
      [{ Protocol: 'HTTPS' }, 'ValidationError', 'A certificate must be specified for HTTPS listeners'],
      [{ DefaultActions: [] }, 'ValidationError', 'An action must be specified'],
      [
        { LoadBalancerArn: LoadBalancerArn.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
        'LoadBalancerNotFoundException',
      ],
      [
        { DefaultActions: [{ Type: 'forward', TargetGroupArn: other.TargetGroupArn }] },
        'TargetGroupAssociationLimitException',
        `The following target groups cannot be associated with more than one load balancer: ${other.TargetGroupArn}`,
      ],
      [{ DefaultActions: fixed({ StatusCode: '300' }) }, 'ValidationError', /regular expression pattern/],
      [
        { DefaultActions: fixed({ StatusCode: '200', ContentType: 'text/x' }) },
        'InvalidLoadBalancerActionException',
        "The ContentType must be one of:'text/html', 'application/json', 'application/javascript', 'text/css', 'text/plain'",
      ],
      [
        { DefaultActions: redirect({}) },
        'InvalidLoadBalancerActionException',
        'The redirect configuration is not valid because it creates a loop.',
      ],
      [{ DefaultActions: redirect({ Port: 'x' }) }, 'ValidationError'],
      [{ DefaultActions: [...forward, ...forward] }, 'TooManyActionsException'],
      [
        {
          DefaultActions: [
            {
              Type: 'forward',
              ForwardConfig: { TargetGroups: [{ TargetGroupArn }, { TargetGroupArn: other.TargetGroupArn }] },
            },
          ],
        },
        'NotImplemented',
        'Millpond does not support forward actions with several target groups.',
      ],
      [
        { DefaultActions: [{ Type: 'authenticate-oidc' }, ...forward] },
        'NotImplemented',
        "Millpond does not support actions of the type 'authenticate-oidc'.",
      ],
      [{ DefaultActions: [{ Type: 'jwt-validation' }] }, 'NotImplemented'],
      [{ MutualAuthentication: { Mode: 'verify' } }, 'NotImplemented'],
    ];
    const input = { LoadBalancerArn, Port: 90, Protocol: 'HTTP', DefaultActions: forward };
    for (const [change, code, message] of refused) {
      await refuses(elb.createListener({ ...input, ...change } as never), code, message);
    }
    await refuses(
      elb.deleteTargetGroup({ TargetGroupArn }),
      'ResourceInUseException',
      `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`,
    );
  });
});

describe('rules', () => {
  it('are tried by priority; conditions and actions are shown in both forms', async (test) => {
    const served = await serveBalancing(test);
    const { elb, recorded } = served;
    const { ListenerArn, LoadBalancerArn } = await makeBalancer(served);
    const fixed = [{ Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } }];
    const rule = async (Priority: number, Conditions: object[], Actions: object[] = fixed) =>
      (await elb.createRule({ ListenerArn, Priority, Conditions, Actions } as never)).Rules![0]!;
    const older = await rule(20, [{ Field: 'path-pattern', Values: ['/a/*'] }]);
    assert.deepEqual(older.Conditions, [
      { Field: 'path-pattern', Values: ['/a/*'], PathPatternConfig: { Values: ['/a/*'] } },
    ]);
    const newer = await rule(
      10,
      [
        { Field: 'host-header', HostHeaderConfig: { Values: ['a.test', '*.b.test'] } },
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-A', Values: ['1?'] } },
        { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
      ],
      [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_302' } }],
    );
    assert.deepEqual(newer.Actions![0]!.RedirectConfig, {
      ...{ Protocol: 'HTTPS', Host: '#{host}', Port: '443', Path: '/#{path}', Query: '#{query}' },
      StatusCode: 'HTTP_302',
    });
    const priorities = async () =>
      (await elb.describeRules({ ListenerArn })).Rules!.map(({ Priority }) => Priority);
    assert.deepEqual(await priorities(), ['10', '20', 'default']);
    const inForce = () =>
      recorded.balancers.get(LoadBalancerArn)!.listeners[0]!.rules.map(({ action }) => action.does);
    assert.deepEqual(inForce(), ['redirect', 'respond', 'forward']);
    const swapped = [
      { RuleArn: older.RuleArn!, Priority: 10 },
      { RuleArn: newer.RuleArn!, Priority: 20 },
    ];
    await elb.setRulePriorities({ RulePriorities: swapped });
    assert.deepEqual(inForce(), ['respond', 'redirect', 'forward']);
    await refuses(
      elb.setRulePriorities({ RulePriorities: [{ RuleArn: older.RuleArn!, Priority: 20 }] }),
      'PriorityInUseException',
      "Priority '20' is currently in use",
    );
    await refuses(rule(10, [{ Field: 'path-pattern', Values: ['/b'] }]), 'PriorityInUseException');
    const changed = await elb.modifyRule({
      RuleArn: older.RuleArn!,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/b', '/c'] } }],
    });
    assert.deepEqual(changed.Rules![0]!.Conditions![0]!.Values, ['/b', '/c']);
    const { Rules } = await elb.describeRules({ ListenerArn });
    const last = Rules!.find(({ IsDefault }) => IsDefault)!;
    await refuses(elb.deleteRule({ RuleArn: last.RuleArn! }), 'OperationNotPermittedException');
    await refuses(
      elb.modifyRule({ RuleArn: last.RuleArn!, Actions: fixed }),
      'OperationNotPermittedException',
    );
    await elb.deleteRule({ RuleArn: older.RuleArn! });
    await refuses(
      elb.describeRules({ RuleArns: [older.RuleArn!] }),
      'RuleNotFoundException',
      'One or more rules not found',
    );
    const pages = [];
    for (let Marker: string | undefined; pages.length < 5; ) {
      const page = await elb.describeRules({ ListenerArn, PageSize: 1, Marker });
      pages.push(...page.Rules!.map(({ Priority }) => Priority));
      Marker = page.NextMarker;
      if (!Marker) break;
    }
    assert.deepEqual(pages, ['20', 'default']);
  });

  it('refuse conditions in AWS’s words', async (test) => {
    const served = await serveBalancing(test);
    const { elb } = served;
    const { ListenerArn } = await makeBalancer(served);
    const Actions = [{ Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } }];
    const path = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
    const refused: [object[], string | RegExp, string?][] = [
      [[], 'A condition must be specified'],
      [[{ Field: 'path-pattern' }], 'A condition value must be specified'],
      [
        [{ Field: 'path-pattern', Values: ['/a', '/b'] }],
        "The 'path-pattern' field contains too many values; the limit is '1'",
      ],
      [
        [{ ...path('/a'), Values: ['/b'] }],
        "You cannot provide both Values and 'PathPatternConfig' for a condition of type 'path-pattern'",
      ],
      [
        [{ Field: 'host-header', Values: ['x'.repeat(129)] }],
        "The 'host-header' value is too long; the limit is '128'",
      ],
      [[{ Field: 'http-header', Values: ['x'] }], "The 'Values' field is not compatible with 'http-header'"],
      [[{ Field: 'http-header' }], "A 'HttpHeaderConfig' must be specified with 'http-header'"],
      [
        [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['get'] } }],
        "The 'http-request-method' value is invalid; the allowed characters are A-Z, hyphen and underscore",
      ],
      [[path('/é')], "Condition value '/é' contains a character that is not valid"],
      [[path('1', '2', '3', '4', '5', '6')], "A rule can only have '5' condition values"],
      [[path('/*/*/*/*/*/*')], "A rule can only have '5' wildcards"],
      [[path('/a'), path('/b')], "A rule can only have one 'path-pattern' condition"],
      [[{ Field: 'colour' }], /^Condition field 'colour' must be one of '\[host-header, /],
      [[{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }], /source-ip/, 'NotImplemented'],
      [[{ Field: 'query-string', QueryStringConfig: {} }], /query-string/, 'NotImplemented'],
      [[{ Field: 'host-header', HostHeaderConfig: { RegexValues: ['a'] } }], /regular/, 'NotImplemented'],
    ];
    for (const [Conditions, message, code = 'ValidationError'] of refused) {
      await refuses(
        elb.createRule({ ListenerArn, Priority: 1, Conditions, Actions } as never),
        code,
        message,
      );
    }
  });
});
