/** What the launchers print: a line per stage with its time, and nothing else while things go well. */

const NAME_WIDTH = 12;

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs one stage and tells its line when it is done. `work` returns a few words on how it went, or an object with them under
 * `note`. With a `hint` and a terminal, the stage is shown while it runs.
 */
export async function stage(name, { hint = '', tell = say } = {}, work) {
  const startedAt = performance.now();
  const label = `  ${name.padEnd(NAME_WIDTH)}`;
  const live = process.stdout.isTTY === true && hint !== '';
  if (live) process.stdout.write(`${label} ${hint}…`);
  try {
    const result = await work();
    const note = typeof result === 'string' ? result : (result?.note ?? '');
    if (live) process.stdout.write('\r\x1b[K');
    tell(`${label} ${seconds(performance.now() - startedAt).padStart(7)}  ${note}`.trimEnd());
    return result;
  } catch (error) {
    if (live) process.stdout.write('\n');
    throw error;
  }
}
