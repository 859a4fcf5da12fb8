/** Gives kept files short-lived signed addresses. */
export abstract class ArtifactUrls {
  /** Path with signature, relative to the gateway's address. */
  abstract url(artifactId: string): string;
}
