import './check-node.mjs';

const { build, install } = await import('./prepare.mjs');
const { stage } = await import('./progress.mjs');
try {
  await stage('packages', { hint: 'npm ci, about a minute' }, install);
  await stage('build', { hint: 'compiling' }, build);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
