import { artifactFilesContract } from './artifact-files-contract';
import { InMemoryArtifactFiles } from './in-memory-artifact-files';

describe('InMemoryArtifactFiles', () => {
  artifactFilesContract(async () => new InMemoryArtifactFiles());
});
