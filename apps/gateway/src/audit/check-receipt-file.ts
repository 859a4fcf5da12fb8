import { checkReceipt } from '@countersign/contracts';
import { sha256Hex } from '@countersign/service-kit';
import { readFile, stat } from 'node:fs/promises';
import { UsageError } from './audit-words';

/** A receipt holds a run's whole history: the longest are a few megabytes. */
const RECEIPT_MAX_BYTES = 64_000_000;

export async function checkReceiptFile(path: string): Promise<{ lines: string[]; isIntact: boolean }> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new UsageError(`there is no file ${path}`);
  if (found.size > RECEIPT_MAX_BYTES) throw new UsageError(`${path} is too large for a receipt`);
  const problems = checkReceipt(parsed(await readFile(path, 'utf8')), sha256Hex);
  if (problems.length > 0) return { lines: [...problems.map((problem) => `BROKEN    ${problem}`), `${path}: BROKEN`], isIntact: false };
  return { lines: [`${path}: intact`], isIntact: true };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
