import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The built page beside this app; `src/http` and `dist/http` lie equally deep. */
const INBOX_FOLDER = path.resolve(__dirname, '../../../inbox/dist');
/** Built files carry a hash in their names. */
const HASHED_FOLDER = `${path.sep}assets${path.sep}`;
/** What the page consists of; its own links are in the hash. No other path costs a look at the disk. */
const PAGE = /^\/(?:assets\/.*|[^/]*\.\w+)?$/;

/** Serves the inbox at `/` where it was built. */
export function serveInbox(app: NestExpressApplication, folder = INBOX_FOLDER): void {
  if (!existsSync(path.join(folder, 'index.html'))) return;
  const files = express.static(folder, {
    setHeaders: (response, file) => {
      response.setHeader('Cache-Control', file.includes(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => (PAGE.test(request.path) ? files(request, response, next) : next()));
}
