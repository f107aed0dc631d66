// The host's proxy and pip settings as variables for functions. Functions that share the host's network reach the same
// servers; those with interfaces of their own reach none on the host's loopback addresses.

const PROXIES = /^(http|https|all|no)_proxy$/i;
const PIP = /^PIP_[A-Z_]+$/;
/** Millpond's own addresses and names, in every form that a function may use. */
const NEVER_BY_PROXY = ['127.0.0.1', '169.254.169.253', 'localhost', '.amazonaws.com'];
const LOOPBACK = /^(\w+:\/\/)?([^/@]*@)?(127\.|localhost(:|\/|$)|\[::1\])/i;

/** The variables to copy from this environment. `sharesHost`: functions use the host's own network. */
export function hostNetworkVariables(
  environment: NodeJS.ProcessEnv,
  sharesHost: boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!value || !(PROXIES.test(name) || PIP.test(name))) continue;
    if (sharesHost || /^no_proxy$/i.test(name) || !LOOPBACK.test(value)) found[name] = value;
  }
  if (Object.keys(found).some((name) => /^(http|https|all)_proxy$/i.test(name))) {
    const direct = [found.no_proxy ?? found.NO_PROXY, ...NEVER_BY_PROXY].filter(Boolean).join(',');
    Object.assign(found, { no_proxy: direct, NO_PROXY: direct });
  }
  return found;
}
