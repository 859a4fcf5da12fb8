export * from './client';
export * from './countersign-error';
export * from './live-socket';
export * from './requests';
export type { CallOptions, ClientSettings } from './rest-door';
export type { WaitOptions } from './wait-for-run';
