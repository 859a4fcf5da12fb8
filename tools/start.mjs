import './check-node.mjs';

const { launch } = await import('./launch.mjs');
await launch({ env: { NODE_ENV: process.env.NODE_ENV || 'production' } });
