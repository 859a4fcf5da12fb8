export * from './ai-provider-contract';
export * from './ai-provider-harness';
