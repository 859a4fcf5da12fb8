import 'reflect-metadata';
import { createDataSource, poolOf, PostgresAuditReader } from '@countersign/persistence';
import { EnvError, loadEnv, sha256Hex } from '@countersign/service-kit';
import type { DataSource } from 'typeorm';
import { BrokenFile } from './audit-file';
import { readAuditWords, USAGE, UsageError } from './audit-words';
import { AuditEnv } from './audit.env';
import { tendAudit } from './tend-audit';

const BROKEN = 1;
const NOT_CHECKED = 2;

async function main(): Promise<void> {
  const words = readAuditWords(process.argv.slice(2));
  let dataSource: DataSource | null = null;
  const reader = async (): Promise<PostgresAuditReader> => {
    const { DATABASE_URL: url } = loadEnv(AuditEnv);
    dataSource = await createDataSource({ url, poolSize: 1, applicationName: 'countersign-audit' }).initialize();
    return new PostgresAuditReader(poolOf(dataSource), sha256Hex);
  };
  try {
    const { lines, isIntact } = await tendAudit(words, reader, Date.now());
    process.stdout.write(`${lines.join('\n')}\n`);
    if (!isIntact) process.exitCode = BROKEN;
  } finally {
    await (dataSource as DataSource | null)?.destroy();
  }
}

main().catch((error: unknown) => {
  if (error instanceof BrokenFile) {
    process.stdout.write(`BROKEN    ${error.message}\n`);
    process.exitCode = BROKEN;
    return;
  }
  process.exitCode = NOT_CHECKED;
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  else if (error instanceof EnvError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`It could not be checked: ${error instanceof Error ? error.message || ((error as NodeJS.ErrnoException).code ?? 'failed') : 'failed'}\n`);
});
