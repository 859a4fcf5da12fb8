import './check-node.mjs';

const { build, install, installHint } = await import('./prepare.mjs');
const { stage } = await import('./progress.mjs');
try {
  await stage('packages', installHint(), install);
  await stage('build', { hint: 'compiling' }, build);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
