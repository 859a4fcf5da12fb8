import type { OpenAPIObject } from '@nestjs/swagger';
import { startGateway, type GatewayStage } from '../../testing/gateway-stage';

/** Every route of the wire contract that speaks JSON, files or events; pages (`/`, `/docs`, `/admin/queues`) are not described. */
const ROUTES = [
  'DELETE /hitl/budget/caps', 'GET /hitl/budget', 'PUT /hitl/budget/caps',
  'DELETE /hitl/parameter-memory', 'DELETE /hitl/parameter-memory/{memory_id}', 'GET /hitl/parameter-memory', 'GET /hitl/parameter-memory/{memory_id}',
  'PATCH /hitl/parameter-memory/{memory_id}', 'DELETE /hitl/run/{run_id}', 'GET /artifacts/{id}', 'GET /health/live', 'GET /health/ready', 'GET /hitl/approvals/pending',
  'GET /hitl/approvals/{approval_id}', 'GET /hitl/jobs/{job_id}', 'GET /hitl/models/{provider}/{owner}/{name}', 'GET /hitl/providers',
  'GET /hitl/run/{run_id}/events', 'GET /hitl/run/{run_id}/receipt', 'GET /hitl/run/{run_id}/state', 'GET /hitl/run/{run_id}/status', 'GET /hitl/runs', 'GET /hitl/runs/active',
  'GET /hitl/runs/{run_id}/state', 'GET /hitl/sessions/{session_id}/active', 'GET /metrics', 'POST /hitl/approvals/{approval_id}/decision',
  'POST /hitl/approvals/{approval_id}/claim', 'POST /hitl/approvals/{approval_id}/release',
  'POST /hitl/browser/approvals', 'POST /hitl/browser/completions', 'POST /hitl/run', 'POST /hitl/run/{run_id}/approve', 'POST /hitl/run/{run_id}/fork',
  'POST /hitl/run/{run_id}/pause', 'POST /hitl/run/{run_id}/resume', 'POST /hitl/run/{run_id}/retry', 'POST /hitl/validate',
  'POST /hitl/websocket/message', 'POST /teams/run', 'POST /uploads', 'POST /webhooks/{provider}/{launch_id}',
];

/** Probes refuse nobody; what they answer when something is down is no problem but a report. */
const PROBES = ['GET /health/live', 'GET /health/ready'];

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; schema?: object }[];
  requestBody?: { content: Record<string, { schema?: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: object; examples?: object }> }>;
}
type Schemas = Record<string, { properties?: Record<string, { description?: string; allOf?: unknown; $ref?: string }> }>;

describe('the API description', () => {
  let stage: GatewayStage;
  let operations: [string, Operation][];
  let schemas: Schemas;
  beforeAll(async () => {
    stage = await startGateway();
    const { body } = await stage.call<OpenAPIObject>('GET', '/docs-json');
    operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]));
    schemas = body.components?.schemas as Schemas;
  });
  afterAll(() => stage.close());

  it('has every route of the contract, and no other', () => {
    expect(operations.map(([route]) => route).sort()).toEqual([...ROUTES].sort());
  });

  it('describes for each route what it does, what it takes, what it answers and how it refuses', () => {
    const all: Record<string, string[]> = {};
    for (const [route, { summary, parameters = [], requestBody, responses }] of operations) {
      const gaps: string[] = [];
      if (!summary) gaps.push('no summary');
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const name of inPath) if (!parameters.some((one) => one.in === 'path' && one.name === name)) gaps.push(`path parameter ${name}`);
      for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) if (!schema) gaps.push(`body ${type} without schema`);
      const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      if (!successes.some(([, { content }]) => content && Object.values(content).some(({ schema }) => schema))) gaps.push('no answer with a schema');
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      if (!PROBES.includes(route) && !refusals.some(([status]) => status === '500')) gaps.push('no refusals');
      for (const [status, { content }] of refusals) {
        if (!PROBES.includes(route) && !content?.['application/problem+json']?.examples) gaps.push(`refusal ${status} without examples`);
      }
      if (gaps.length > 0) all[route] = gaps;
    }
    expect(all).toEqual({});
  });

  it('says of every field what it means', () => {
    const silent = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).filter(([, field]) => !field.description && !field.$ref).map(([field]) => `${name}.${field}`));
    expect(silent).toEqual([]);
  });
});
