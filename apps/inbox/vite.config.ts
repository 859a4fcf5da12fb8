import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where `vite apps/inbox` finds a gateway while the page is being worked on. */
const GATEWAY = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  // Our libraries are read from their sources: no build order to keep, and only what is used is bundled.
  resolve: { conditions: ['@countersign/source', ...defaultClientConditions] },
  // The page's security policy allows no data: scripts or styles, so nothing small is inlined.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: {
      '/hitl': GATEWAY, '/uploads': GATEWAY, '/artifacts': GATEWAY, '/teams': GATEWAY,
      '/socket.io': { target: GATEWAY, ws: true },
    },
  },
});
