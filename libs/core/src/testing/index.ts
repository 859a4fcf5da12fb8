export * from './ai-provider-contract';
export * from './ai-provider-harness';
export * from './artifact-files-contract';
export * from './in-memory-artifact-files';
export * from './factories';
export * from './fitting-event';
