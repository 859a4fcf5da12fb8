import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** What whoever opens `/docs` first wants to know. */
const ABOUT = `Human sign-off for AI model runs: checked, shown, approved, launched once, kept.

**Begin** with \`POST /hitl/run\`, then \`GET /hitl/approvals/pending\` and \`POST /hitl/approvals/{approval_id}/decision\`; \`GET /hitl/runs/{run_id}/state\` has everything about a run. \`POST /hitl/validate\` says without a run what would be asked.

**Who you are**: with AUTH_MODE=local the header \`X-User-Id\` (else \`user_id\` in the body); with AUTH_MODE=api_key \`Authorization: Bearer KEY\`.

**Again**: \`Idempotency-Key\` makes starting a run safe to repeat; a decision counts once, whoever is second gets 409 with the winner.

**Refusals** are \`application/problem+json\` with a stable \`code\`; \`errors\` names fields.

**Live**: Socket.IO at the namespace \`/hitl\`, or server-sent events at \`GET /hitl/run/{run_id}/events\`.`;

/** The OpenAPI description of every route. */
function apiDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Countersign')
    .setDescription(ABOUT)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'With AUTH_MODE=api_key; made by `npm run keys -- create`.' })
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** `/docs` for people, `/docs-json` for machines; made at the first request, because few starts need it. */
export function describeApi(app: NestExpressApplication): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app), {
    jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml', customSiteTitle: 'Countersign API',
  });
}
