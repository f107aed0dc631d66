// The host's proxy and pip settings as variables for functions. Functions share the host's network, so the same
// settings work.

const PROXIES = /^(http|https|all|no)_proxy$/i;
const PIP = /^PIP_[A-Z_]+$/;
/** Millpond's own addresses and names, in every form that a function may use. */
const NEVER_BY_PROXY = ['127.0.0.1', 'localhost', '.amazonaws.com'];

/** The variables to copy from this environment. */
export function hostNetworkVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value && (PROXIES.test(name) || PIP.test(name))) found[name] = value;
  }
  if (Object.keys(found).some((name) => /^(http|https|all)_proxy$/i.test(name))) {
    const direct = [found.no_proxy ?? found.NO_PROXY, ...NEVER_BY_PROXY].filter(Boolean).join(',');
    Object.assign(found, { no_proxy: direct, NO_PROXY: direct });
  }
  return found;
}
