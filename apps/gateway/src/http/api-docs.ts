import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The OpenAPI description of every route. */
function apiDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Countersign')
    .setDescription('Human sign-off for AI model runs: checked, shown, approved, launched once, kept.')
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
