export * from './crash-points';
export * from './free-port';
export * from './fresh-database';
export * from './fresh-redis';
export * from './start-http';
export * from './wait-for';
