import resolve from '@rollup/plugin-node-resolve';

// biome-ignore lint/style/noDefaultExport: the bundler takes its configuration from the default export
export default {
  external: /^node:/,
  plugins: [resolve()],
  // What is imported when it is asked for stays a file of its own: in one file it would come after the code that waits.
  output: { format: 'es' },
  // What a library leaves unused is nobody's concern here; anything unresolved is.
  onLog(level, log, handle) {
    if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
    handle(level, log);
  },
};
