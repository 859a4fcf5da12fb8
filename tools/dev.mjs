import './check-node.mjs';

/*
 * `npm run dev`: like `npm start`, with the compiler and the web page's builder watching. When the output of a service or of
 * one of its libraries changes, that service is started again.
 */
const { launch } = await import('./launch.mjs');
const { spawn } = await import('node:child_process');
const { existsSync, readFileSync, watch } = await import('node:fs');
const { at } = await import('./places.mjs');
const { TSC, VITE, hasInbox } = await import('./prepare.mjs');
const { say } = await import('./progress.mjs');
const { presentServices } = await import('./services.mjs');

/** A compiler run writes many files; a service starts once, after the last of them. */
const QUIET_MS = 300;

await launch({ env: { NODE_ENV: process.env.NODE_ENV || 'development' }, afterReady: watchEverything });

function watchEverything({ services }) {
  const children = [spawnWatcher(TSC, ['-b', 'tsconfig.build.json', '-w', '--preserveWatchOutput'], at())];
  if (hasInbox()) children.push(spawnWatcher(VITE, ['build', '--watch', '--logLevel', 'warn'], at('apps/inbox')));
  const watchers = presentServices().flatMap((name) => watchService(name, services));
  say('Watching: the compiler speaks below, a changed service starts again.');
  return () => {
    watchers.forEach((watcher) => watcher.close());
    children.forEach((child) => child.kill('SIGTERM'));
  };
}

function spawnWatcher(program, args, cwd) {
  return spawn(process.execPath, [at('tools/tethered.mjs'), process.execPath, program, ...args], { cwd, stdio: ['pipe', 'inherit', 'inherit'] });
}

function watchService(name, services) {
  let timer;
  let restarting = Promise.resolve();
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      restarting = restarting.then(async () => {
        await services.restart(name);
        say(`  ${name} runs the new code`);
      });
    }, QUIET_MS);
  };
  const built = referencesOf(at('apps', name)).filter((project) => existsSync(`${project}/dist`));
  return built.map((project) => watch(`${project}/dist`, { recursive: true }, (_event, file) => {
    if (file?.endsWith('.js')) changed();
  }));
}

/** The project and all it is built from, from the references of its tsconfig. */
function referencesOf(project, found = new Set()) {
  if (found.has(project) || !existsSync(`${project}/tsconfig.json`)) return [...found];
  found.add(project);
  const { references = [] } = JSON.parse(readFileSync(`${project}/tsconfig.json`, 'utf8'));
  for (const { path } of references) referencesOf(at(path.replace(/^(\.\.\/)+/, '')), found);
  return [...found];
}
