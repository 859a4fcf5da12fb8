import { ArtifactSigner } from '@countersign/files';
import { ArtifactUrls } from '../http/answers/artifact-urls';

/** Addresses signed with the installation's key: every process understands them, also after a restart. */
export class SignedArtifactUrls extends ArtifactUrls {
  constructor(private readonly signer: ArtifactSigner) {
    super();
  }

  override url(artifactId: string): string {
    return this.signer.path(artifactId);
  }
}
