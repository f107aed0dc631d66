// Reads lines of JSON from a response while they arrive.

/** Calls `take` with each line. Rejects with a sentence for people when the server refuses or goes away. */
export async function readLines<T>(url: string, signal: AbortSignal, take: (line: T) => void): Promise<void> {
  const orGone = async <R>(answer: Promise<R>): Promise<R> => {
    try {
      return await answer;
    } catch (error) {
      throw signal.aborted ? error : new Error('Millpond does not answer.');
    }
  };
  const headers = { accept: 'application/x-ndjson' };
  const response = await orGone(fetch(url, { signal, headers, credentials: 'omit' }));
  if (!response.ok || !response.body) throw new Error(await refusalIn(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await orGone(reader.read());
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(JSON.parse(line) as T);
  }
}

/** The sentence of a refusal. */
export async function refusalIn(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Told by its status.
  }
  return `Millpond answered with status ${response.status}.`;
}
