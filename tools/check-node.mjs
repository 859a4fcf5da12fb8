// Imported before anything else, and written so that an old Node can still read it.
const REQUIRED = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < REQUIRED[0] || (major === REQUIRED[0] && minor < REQUIRED[1])) {
  process.stderr.write(`Countersign needs Node ${REQUIRED.join('.')} or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
