// Sends requests to TARGET at a rate that does not depend on how fast they are answered: `load.mjs 120@20-150 60@50-300`
// sends for 120 seconds, first 20 requests a second and at the end 150, then for 60 seconds. Prints a line each five
// seconds and one at the end, as JSON, and exits with 1 if a request failed.

import { Agent, get } from 'node:http';

const REPORT_EVERY_MS = 5_000;
const TIMEOUT_MS = 20_000;

const target = process.env.TARGET;
const phases = process.argv.slice(2).map(readPhase);
if (!target || phases.length === 0) fail('Set TARGET to a URL, and name phases such as 120@20-150.');

const agent = new Agent({ keepAlive: true });
const all = newCount();
let recent = newCount();
let pending = 0;

const reports = setInterval(() => {
  print('progress', recent);
  recent = newCount();
}, REPORT_EVERY_MS);
process.once('SIGTERM', () => end());

for (const phase of phases) await run(phase);
while (pending > 0) await new Promise((resolve) => setTimeout(resolve, 50));
end();

/** Sends what is due every ten milliseconds. */
async function run({ seconds, from, to }) {
  const start = performance.now();
  let sent = 0;
  for (;;) {
    const elapsed = Math.min((performance.now() - start) / 1000, seconds);
    // The area under the line from `from` to `to`.
    const due = Math.floor(from * elapsed + ((to - from) * elapsed ** 2) / (2 * seconds));
    for (; sent < due; sent++) send();
    if (elapsed >= seconds) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function send() {
  const since = performance.now();
  pending++;
  let isDone = false;
  const done = (failure) => {
    if (isDone) return;
    isDone = true;
    pending--;
    for (const count of [all, recent]) {
      count.times.push(performance.now() - since);
      if (failure) count.failures.set(failure, (count.failures.get(failure) ?? 0) + 1);
    }
  };
  const request = get(target, { agent, timeout: TIMEOUT_MS }, (response) => {
    response.resume();
    response.once('close', () =>
      done(response.complete && response.statusCode === 200 ? undefined : `status ${response.statusCode}`),
    );
  });
  request.once('timeout', () => request.destroy(new Error('no answer')));
  request.once('error', (error) => done(error.code ?? error.message));
}

function end() {
  clearInterval(reports);
  print('summary', all);
  process.exit(all.failures.size === 0 ? 0 : 1);
}

function print(type, { times, failures }) {
  const sorted = Float64Array.from(times).sort();
  const at = (share) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1));
  const report = { type, requests: times.length, p50: at(0.5), p99: at(0.99), max: at(0.999_999) };
  console.log(JSON.stringify({ ...report, failures: Object.fromEntries(failures) }));
}

function newCount() {
  return { times: [], failures: new Map() };
}

function readPhase(text) {
  const [, seconds, from, to] = /^\s*(\d+)@(\d+)-(\d+)\s*$/.exec(text) ?? fail(`${text} is no phase.`);
  return { seconds: Number(seconds), from: Number(from), to: Number(to) };
}

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}
