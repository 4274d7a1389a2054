export const taxonomyUsage = `  taxonomy lint    <taxonomy>                 a taxonomy is a YAML file, or name/version of TAXONOMIES_DIR
  taxonomy diff    <taxonomy> <taxonomy> [--json] [--draft <migration.yaml>]
  taxonomy migrate <migration.yaml> --from <taxonomy> --to <taxonomy> [<rows> <new file>]
  taxonomy convert <paths.txt> <new.yaml> --name <name> [--facet category] [--kind single|multi] [--separator /]
  taxonomy map     propose <classes.txt> <new.yaml> --taxonomy <taxonomy> --facet <facet> --name <name> [--top 3]
                   [--pack <name/version>] [--similarity encoder|ngrams]
  taxonomy map     check <mapping.yaml> --taxonomy <taxonomy>
  taxonomy map     apply <mapping.yaml> <rows> <new file> --taxonomy <taxonomy>   rows: .ndjson or .csv`
