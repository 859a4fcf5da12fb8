export * from './bell';
export * from './consumer';
export * from './doorbells';
export * from './job-errors';
export * from './job-listener';
export * from './publisher';
export * from './queue-settings';
