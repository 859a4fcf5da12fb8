/*
 * What this is: a server that speaks the wire formats of OpenAI's Chat Completions and Anthropic's Messages, for trials and
 * tests without an account. What it answers is told to it; what it was sent can be looked at.
 * Sources of the formats: platform.openai.com/docs/api-reference/chat, docs.anthropic.com/en/api/messages.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came in. */
export interface ModelRequest {
  path: string;
  headers: IncomingMessage['headers'];
  /** The whole body as sent. */
  body: string;
  /** The material of the question, null when it cannot be found in the body. */
  material: Record<string, unknown> | null;
}

/** What to answer: an object as the model's JSON, a text as the model's bare words, a status, or nothing ever. */
export type ModelReply = { json: unknown } | { text: string } | { status: number } | { raw: string } | 'never';

export interface LanguageModelStandIn {
  /** For OPENAI_BASE_URL and ANTHROPIC_BASE_URL. */
  url: string;
  requests: ModelRequest[];
  /** From now on. */
  answer(reply: ModelReply | ((request: ModelRequest) => ModelReply | Promise<ModelReply>)): void;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000; // questions of ours are far smaller
const TOKENS = { read: 120, written: 40 }; // what each reply says it took

export async function startLanguageModelStandIn(): Promise<LanguageModelStandIn> {
  const requests: ModelRequest[] = [];
  let answer: (request: ModelRequest) => ModelReply | Promise<ModelReply> = () => ({ status: 500 });
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then(async (body) => {
      const request = { path: incoming.url ?? '', headers: incoming.headers, body, material: materialOf(body) };
      requests.push(request);
      send(response, request.path, await answer(request));
    }, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    answer: (reply) => { answer = typeof reply === 'function' ? reply : () => reply; },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    body += String(chunk);
    if (body.length > MAX_BODY_BYTES) throw new Error('the body is too large');
  }
  return body;
}

interface WireMessage { role: string; content: string | { type: string; text: string }[] }

function materialOf(body: string): Record<string, unknown> | null {
  try {
    const { messages } = JSON.parse(body) as { messages: WireMessage[] };
    const { content } = messages.find(({ role }) => role === 'user') ?? { content: '' };
    return JSON.parse(typeof content === 'string' ? content : content.map(({ text }) => text).join('')) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, path: string, reply: ModelReply): void {
  if (reply === 'never') return;
  const status = 'status' in reply ? reply.status : 200;
  const body = 'raw' in reply ? reply.raw : JSON.stringify('status' in reply ? errorBody(path) : path.endsWith('/messages') ? message(reply) : completion(reply));
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

const wordsOf = (reply: { json: unknown } | { text: string }): string => ('json' in reply ? JSON.stringify(reply.json) : reply.text);

function completion(reply: { json: unknown } | { text: string }): object {
  return {
    id: 'chatcmpl-stand-in', object: 'chat.completion', created: 1_790_000_000, model: 'stand-in',
    choices: [{ index: 0, message: { role: 'assistant', content: wordsOf(reply), refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: TOKENS.read, completion_tokens: TOKENS.written, total_tokens: TOKENS.read + TOKENS.written },
  };
}

function message(reply: { json: unknown } | { text: string }): object {
  return {
    id: 'msg_stand_in', type: 'message', role: 'assistant', model: 'stand-in', content: [{ type: 'text', text: wordsOf(reply) }],
    stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: TOKENS.read, output_tokens: TOKENS.written },
  };
}

function errorBody(path: string): object {
  const error = { type: 'server_error', message: 'The stand-in was told to fail.' };
  return path.endsWith('/messages') ? { type: 'error', error } : { error };
}
