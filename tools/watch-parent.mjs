import { readFileSync } from 'node:fs';

/** How long a launcher may outlive an npm that was killed. */
const LOOK_EVERY_MS = 500;

/**
 * Under npm (`npm start`), calls `onGone` once when npm or the shell between is gone: npm passes SIGTERM on to its shell, which
 * dies of it without telling us, and a kill -9 is passed on to nobody. Started by hand, a program may outlive its shell.
 */
export function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parents = chain();
  const timer = setInterval(() => {
    if (chain() === parents) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Parent and, where the system tells it, the parent's parent. */
function chain() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return '';
  }
}
