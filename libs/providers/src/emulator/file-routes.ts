import { isJsonObject, type JsonObject } from '@countersign/core';
import { ERROR_BODIES } from './error-bodies';
import type { EmulatorAnswer, EmulatorRequest, Route } from './http-door';
import { fileJson, MAX_UPLOAD_BYTES, type StoredFiles } from './stored-files';

/** The files API, and the delivery host's files under `/delivery/`. */
export function fileRoutes(uploads: StoredFiles, deliveries: StoredFiles, apiUrl: () => string): Route[] {
  return [
    { method: 'POST', path: /^\/v1\/files$/, point: 'files', handle: (request) => upload(uploads, request, apiUrl()) },
    { method: 'GET', path: /^\/v1\/files$/, point: 'files', handle: () => ({ status: 200, body: { previous: null, next: null, results: uploads.all().map((file) => fileJson(file, apiUrl())) } }) },
    {
      method: 'GET', path: /^\/v1\/files\/([^/]+)$/, point: 'files',
      handle: ({ params }) => {
        const file = uploads.get(params[0] ?? '');
        return file ? { status: 200, body: fileJson(file, apiUrl()) } : { status: 404, body: ERROR_BODIES.notFound };
      },
    },
    {
      method: 'DELETE', path: /^\/v1\/files\/([^/]+)$/, point: 'files',
      handle: ({ params }) => (uploads.delete(params[0] ?? '') ? { status: 204 } : { status: 404, body: ERROR_BODIES.notFound }),
    },
    {
      method: 'GET', path: /^\/delivery\/([^/]+)\/([^/]+)$/, point: 'delivery', open: true,
      handle: ({ params }) => {
        const file = deliveries.get(params[0] ?? '');
        return file ? { status: 200, headers: { 'content-type': file.mime }, body: file.bytes } : { status: 404, body: ERROR_BODIES.notFound };
      },
    },
  ];
}

async function upload(uploads: StoredFiles, request: EmulatorRequest, apiUrl: string): Promise<EmulatorAnswer> {
  if (request.body.byteLength > MAX_UPLOAD_BYTES) return { status: 413, body: { detail: 'Request entity too large', status: 413 } };
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(request.body), { headers }).formData().catch(() => null);
  const content = form?.get('content');
  if (!(content instanceof Blob)) return { status: 422, body: { detail: 'content is required', status: 422 } };
  const bytes = new Uint8Array(await content.arrayBuffer());
  const metadata = await readMetadata(form?.get('metadata') ?? null);
  const file = uploads.add({ name: content.name, mime: content.type || 'application/octet-stream', bytes, metadata });
  return { status: 201, body: fileJson(file, apiUrl) };
}

async function readMetadata(part: File | string | null): Promise<JsonObject> {
  const text = part === null || typeof part === 'string' ? part ?? '{}' : await part.text();
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
