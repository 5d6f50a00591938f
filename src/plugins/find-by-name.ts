/** By full class name, simple name (`FileConfigProvider`) or pruned one (`File`, without `suffix`); null for none and for more than one. */
export function findByName<P extends { readonly className: string }>(name: string, plugins: readonly P[], suffix: string): P | null {
  const namesOf = ({ className }: P) => {
    const simple = className.slice(className.lastIndexOf('.') + 1);
    return [className, simple, simple.length > suffix.length && simple.endsWith(suffix) ? simple.slice(0, -suffix.length) : simple];
  };
  const found = plugins.filter((plugin) => namesOf(plugin).includes(name));
  return found.length === 1 ? found[0]! : null;
}
