/** A line longer than this is not ours; the connection is dropped instead of filling the memory. */
const LONGEST_BUFFER = 8 * 1024 * 1024;

export interface ServerSentEvent {
  id: string | null;
  event: string | null;
  data: string;
}

/** Reads `text/event-stream` (WHATWG HTML §9.2). `heard` is called for every chunk, comments included. */
export async function* parseServerSentEvents(response: Response, heard: () => void): AsyncGenerator<ServerSentEvent, void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      buffer += decoder.decode(value, { stream: true });
      if (buffer.length > LONGEST_BUFFER) throw new Error('event stream line too long');
      // A lone CR at the end may be the first half of CR LF: leave it for the next chunk.
      const blocks = buffer.replace(/\r\n|\r(?=[^])/g, '\n').split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): ServerSentEvent | null {
  const data: string[] = [];
  let id: string | null = null;
  let event: string | null = null;
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    if (at === 0) continue;
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
    else if (field === 'event') event = value;
  }
  return data.length > 0 ? { id, event, data: data.join('\n') } : null;
}
