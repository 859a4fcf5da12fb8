import { filesBelow, read } from './source-files';

interface LockEntry {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> };
const root = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;

/** Whether node would find `name` from the package at `place`: in its own node_modules, or in one further out. */
function isLocked(place: string, name: string): boolean {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
    if (!at.includes('/node_modules/')) at = '';
  }
}

describe('packages', () => {
  it('have all their builds for other platforms in the lock, so that npm ci works there', () => {
    const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(place, name)).map((name) => `${name} of ${place}`),
    );
    expect(missing).toEqual([]);
  });

  it('are pinned to one version', () => {
    const versions = Object.entries({ ...root.dependencies, ...root.devDependencies });
    expect(versions.filter(([, version]) => !/^(?:npm:(?:@[\w-]+\/)?[\w-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('are asked for only at the root, so that there is one version of each', () => {
    const manifests = ['apps', 'libs'].flatMap((folder) => filesBelow(folder)).filter((file) => file.endsWith('/package.json'));
    const asking = manifests.filter((file) => ['dependencies', 'devDependencies'].some((key) => key in (JSON.parse(read(file)) as object)));
    expect(manifests.length).toBeGreaterThan(0);
    expect(asking).toEqual([]);
  });

  it('of ours each have a layer', () => {
    const projects = ['apps', 'libs'].flatMap((folder) => filesBelow(folder)).filter((file) => file.endsWith('/project.json'));
    const layerless = projects.filter((file) => {
      const { tags = [] } = JSON.parse(read(file)) as { tags?: string[] };
      return tags.filter((tag) => /^layer:(?:core|contract|adapter|kit|app)$/.test(tag)).length !== 1;
    });
    expect(projects.length).toBeGreaterThan(0);
    expect(layerless).toEqual([]);
  });
});
