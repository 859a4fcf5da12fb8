export * from './json';
export * from './validation/form';
export * from './validation/report';
export * from './validation/request';
export * from './payload/canonical-json';
export * from './payload/payload';
export * from './run/words';
export * from './ports/ai-provider';
