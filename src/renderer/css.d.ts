declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  // biome-ignore lint/style/noDefaultExport: the bundler gives a stylesheet's class names as its default export
  export default classes;
}
declare module '*.css';
