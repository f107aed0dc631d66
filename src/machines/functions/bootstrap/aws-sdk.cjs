// AWS: Node's runtimes include the whole SDK. Here a function gets the clients that are installed with Millpond,
// unless its package has its own. Missing clients fail only when they are used, as many programs load more than they
// need.

'use strict';

const { createRequire, registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');

const PROVIDED = /^@(aws-sdk|smithy)\//;
const CLIENT = /^@aws-sdk\/(client|lib)-[a-z0-9-]+$/;
/** No such file exists; its content is generated when it is loaded. */
const ABSENT = 'file:///millpond-absent/';
const from = process.env.MILLPOND_SDK_FROM;
delete process.env.MILLPOND_SDK_FROM;

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (from === undefined || !PROVIDED.test(specifier)) throw error;
      return resolveFromHere(specifier, context, next, error);
    }
  },
  load(url, context, next) {
    if (!url.startsWith(ABSENT)) return next(url, context);
    return { format: 'commonjs', source: sourceOfAbsent(url.slice(ABSENT.length)), shortCircuit: true };
  },
});

function resolveFromHere(specifier, context, next, error) {
  const isImport = context.conditions.includes('import');
  try {
    if (isImport) return next(specifier, { ...context, parentURL: from });
    return { url: pathToFileURL(createRequire(from).resolve(specifier)).href, shortCircuit: true };
  } catch {
    // The named imports of an ES module are checked before it runs.
    if (isImport || !CLIENT.test(specifier)) throw error;
    return { url: ABSENT + specifier, format: 'commonjs', shortCircuit: true };
  }
}

const sourceOfAbsent = (name) => `
  const fail = () => {
    throw new Error('${name} is not installed with this Millpond: include it in the package of the function');
  };
  module.exports = new Proxy({}, {
    get: (_, key) => (typeof key === 'string' && /^[A-Z]/.test(key) ? class { constructor() { fail(); } } : undefined),
  });`;
