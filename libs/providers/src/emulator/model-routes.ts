import type { JsonObject } from '@countersign/core';
import { ERROR_BODIES } from './error-bodies';
import type { EmulatorAnswer, Route } from './http-door';
import { openApiDocument, versionId, type EmulatedModel } from './model-catalogue';

const BORN = '2026-01-01T00:00:00.000Z'; // the same on every start

export class ModelShelf {
  constructor(readonly models: EmulatedModel[]) {}

  byName(owner: string, name: string): EmulatedModel | undefined {
    return this.models.find((model) => model.owner === owner && model.name === name);
  }

  /** A bare id, `owner/name:id`, or `owner/name` of an official model. */
  byVersion(version: string): EmulatedModel | undefined {
    return this.models.find((model) => {
      const id = versionId(model);
      const name = `${model.owner}/${model.name}`;
      return version === id || version === `${name}:${id}` || (model.isOfficial && version === name);
    });
  }
}

export function modelRoutes(shelf: ModelShelf, webhookSecret: string): Route[] {
  const withModel = (params: string[], then: (model: EmulatedModel) => EmulatorAnswer): EmulatorAnswer => {
    const model = shelf.byName(params[0] ?? '', params[1] ?? '');
    return model ? then(model) : { status: 404, body: ERROR_BODIES.notFound };
  };
  const page = (results: JsonObject[]): EmulatorAnswer => ({ status: 200, body: { previous: null, next: null, results } });
  const search = (query: string): JsonObject[] => {
    const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return shelf.models.filter((model) => words.every((word) => `${model.owner}/${model.name} ${model.description}`.toLowerCase().includes(word))).map(modelJson);
  };
  return [
    { method: 'GET', path: /^\/v1\/models$/, point: 'model', handle: () => page(shelf.models.map(modelJson)) },
    { method: 'QUERY', path: /^\/v1\/models$/, point: 'model', handle: ({ body }) => page(search(body.toString('utf8'))) },
    { method: 'GET', path: /^\/v1\/search$/, point: 'model', handle: ({ query }) => ({ status: 200, body: { query: query.get('query') ?? '', models: search(query.get('query') ?? ''), collections: [], pages: [] } }) },
    { method: 'GET', path: /^\/v1\/models\/([^/]+)\/([^/]+)$/, point: 'model', handle: ({ params }) => withModel(params, (model) => ({ status: 200, body: modelJson(model) })) },
    { method: 'GET', path: /^\/v1\/models\/([^/]+)\/([^/]+)\/versions$/, point: 'model', handle: ({ params }) => withModel(params, (model) => page([versionJson(model)])) },
    {
      method: 'GET', path: /^\/v1\/models\/([^/]+)\/([^/]+)\/versions\/([^/]+)$/, point: 'model',
      handle: ({ params }) => withModel(params, (model) => (params[2] === versionId(model) ? { status: 200, body: versionJson(model) } : { status: 404, body: ERROR_BODIES.notFound })),
    },
    { method: 'GET', path: /^\/v1\/account$/, handle: () => ({ status: 200, body: { type: 'user', username: 'emulator', name: 'Emulator', github_url: null } }) },
    { method: 'GET', path: /^\/v1\/hardware$/, handle: () => ({ status: 200, body: [{ name: 'CPU', sku: 'cpu' }, { name: 'Nvidia T4 GPU', sku: 'gpu-t4' }, { name: 'Nvidia L40S GPU', sku: 'gpu-l40s' }] }) },
    { method: 'GET', path: /^\/v1\/webhooks\/default\/secret$/, handle: () => ({ status: 200, body: { key: webhookSecret } }) },
  ];
}

function modelJson(model: EmulatedModel): JsonObject {
  const { owner, name, description, isOfficial } = model;
  return {
    url: `https://replicate.com/${owner}/${name}`, owner, name, description, visibility: 'public', is_official: isOfficial, run_count: 0,
    github_url: null, paper_url: null, license_url: null, cover_image_url: null, default_example: null, latest_version: versionJson(model),
  };
}

function versionJson(model: EmulatedModel): JsonObject {
  return { id: versionId(model), created_at: BORN, cog_version: '0.16.0', openapi_schema: openApiDocument(model) };
}
