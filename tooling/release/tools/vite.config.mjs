// biome-ignore lint/style/noDefaultExport: the bundler takes its configuration from the default export
export default {
  logLevel: 'error',
  ssr: { noExternal: true },
  build: { target: 'es2022', emptyOutDir: true },
};
