/** Why a job failed for good. Stable: operators search for it. */
export type FailureCode = 'INVALID_PAYLOAD' | 'NO_HANDLER' | 'HOPELESS' | 'TRIES_USED_UP';

/** What an operator reads first, before the words of the error itself. */
const WORDS: Record<FailureCode, string> = {
  INVALID_PAYLOAD: 'the job\'s data are not what this version expects; retrying helps only once they are mended, or with a version that knows them',
  NO_HANDLER: 'this version knows no such job; retry it with one that does',
  HOPELESS: 'the handler said that trying again cannot help',
  TRIES_USED_UP: 'every try failed; mend the cause, then retry: it is safe, as every handler may run twice',
};

/** Longest error text that is kept, characters. */
const DETAIL_MAX = 1_000;

/** One line: code, run, what to do, and the error's own words last. */
export function failureWords(code: FailureCode, job: { data: unknown }, detail: string): string {
  return `${code} (${subjectOf(job.data)}): ${WORDS[code]}. ${detail.slice(0, DETAIL_MAX)}`;
}

function subjectOf(data: unknown): string {
  const { run_id: runId, launch_id: launchId } = (typeof data === 'object' && data !== null ? data : {}) as { run_id?: unknown; launch_id?: unknown };
  if (typeof runId === 'string') return `run ${runId}`;
  return typeof launchId === 'string' ? `launch ${launchId}` : 'of no run';
}
