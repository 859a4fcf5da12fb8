export * from './fs-artifact-files';
export * from './range-header';
export { isInlineSafe, sniff, HEAD_BYTES } from './sniff';
export * from './address-rules';
export type { Resolve, ResolvedAddress } from './pinned-lookup';
export * from './guarded-fetch';
export * from './data-url';
export * from './open-input';
export { ArtifactSigner } from './artifact-signer';
