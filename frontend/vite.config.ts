import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    rollupOptions: { input: { index: 'index.html', docs: 'docs.html' } },
  },
  server: {
    proxy: { '/api': server, '/.well-known': server, '/ws': { target: server, ws: true } },
  },
});
