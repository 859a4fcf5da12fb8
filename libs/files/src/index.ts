export * from './fs-artifact-files';
export * from './range-header';
export { isInlineSafe, sniff, HEAD_BYTES } from './sniff';
