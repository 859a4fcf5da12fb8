import { ProblemView } from '@countersign/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from '../answers/problem';

/** Every route may answer these. */
const EVERYWHERE: ProblemCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'INTERNAL', 'UNAVAILABLE'];
/** Every route that takes a body may answer these. */
export const OF_BODIES: ProblemCode[] = ['VALIDATION_FAILED', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'MALFORMED_BODY', 'RATE_LIMITED'];

/** Documents a route's refusals: `@Problems('RUN_NOT_FOUND', …)`; those that every route has are added. */
export function Problems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const all = [...new Set([...codes, ...EVERYWHERE])];
  const statuses = [...new Set(all.map((code) => PROBLEMS[code].status))].sort();
  return applyDecorators(
    ApiExtraModels(ProblemView),
    ...statuses.map((status) => {
      const here = all.filter((code) => PROBLEMS[code].status === status);
      return ApiResponse({
        status,
        description: here.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) }, examples: Object.fromEntries(here.map((code) => [code, { value: example(code) }])) } },
      });
    }),
  );
}

function example(code: ProblemCode): object {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`, title, status, code,
    detail: title, request_id: '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11',
  };
}
