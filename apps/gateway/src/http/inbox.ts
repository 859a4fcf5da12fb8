import { existsSync } from 'node:fs';
import path from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** The built page beside this app; `src/http` and `dist/http` lie equally deep. */
const INBOX_FOLDER = path.resolve(__dirname, '../../../inbox/dist');
/** Built files carry a hash in their names. */
const HASHED_FOLDER = `${path.sep}assets${path.sep}`;

/** Serves the inbox at `/` where it was built; its own links are in the hash, so no other path is its. */
export function serveInbox(app: NestExpressApplication, folder = INBOX_FOLDER): void {
  if (!existsSync(path.join(folder, 'index.html'))) return;
  app.useStaticAssets(folder, {
    setHeaders: (response, file) => {
      response.setHeader('Cache-Control', file.includes(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
