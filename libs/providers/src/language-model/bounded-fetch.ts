/** Longest answer that is read, bytes: answers of ours have a few thousand tokens. */
const MAX_ANSWER_BYTES = 1_000_000;

/** `fetch` that follows no redirect, so that the key goes nowhere else, and reads no endless answer. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, { ...init, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the language model's answer has more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return new Response(Buffer.concat(chunks), { status: answer.status, statusText: answer.statusText, headers: answer.headers });
};
