# shellcheck shell=sh disable=SC2154 # sql.sh and whoever calls it have what is not here
# Has a new database what only a superuser can make or grant, as a project's database has it:
# extensions that are not trusted, their schemas, who may do what with these, and rows in tables of
# theirs that the project may not write to.

# As `objects`, all that it is, with what is granted, and what is when an extension is new. The tag
# is that of a line for its grants in the list of a dump.
_objects="WITH superusers AS (
  SELECT oid FROM pg_extension WHERE pg_get_userbyid(extowner) != '$name'
    AND extname NOT IN (SELECT name FROM pg_available_extension_versions WHERE trusted)
), untrusted AS (
  SELECT extension.oid, extname, extnamespace, nspname, nspowner, EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND objid = extnamespace
      AND refclassid = 'pg_extension'::regclass AND deptype = 'e') AS has_schema_made
  FROM pg_extension AS extension JOIN pg_namespace AS space ON space.oid = extnamespace
  WHERE extension.oid IN (SELECT oid FROM superusers
    -- And those that these are made on.
    UNION SELECT refobjid FROM pg_depend JOIN superusers ON objid = superusers.oid
    WHERE classid = 'pg_extension'::regclass AND refclassid = classid)
), theirs AS (
  SELECT classid, objid FROM pg_depend
  WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
    AND refobjid IN (SELECT oid FROM untrusted)
  UNION SELECT 'pg_namespace'::regclass, extnamespace FROM untrusted
  WHERE nspname != 'public' AND nspname !~ '^pg_'
  -- It is in every database.
  UNION SELECT 'pg_language'::regclass, oid FROM pg_language WHERE lanname = 'plpgsql'
), every (classid, objid, kind, named, tag, acl) AS (
  SELECT 'pg_namespace'::regclass, oid, 'SCHEMA', oid::regnamespace::text,
    format('- SCHEMA %I', nspname), nspacl FROM pg_namespace
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'FOREIGN DATA WRAPPER',
    quote_ident(fdwname), format('- FOREIGN DATA WRAPPER %I', fdwname), fdwacl
  FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_language'::regclass, oid, 'LANGUAGE',
    quote_ident(lanname), format('- LANGUAGE %I', lanname), lanacl FROM pg_language
  UNION ALL SELECT 'pg_class'::regclass, of.oid, kind, of.oid::regclass::text,
    format('%s %s %I', nspname, kind, relname), relacl
  FROM pg_class AS of JOIN pg_namespace AS space ON space.oid = relnamespace,
    LATERAL (SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END) AS words (kind)
  UNION ALL SELECT 'pg_proc'::regclass, of.oid, 'ROUTINE', of.oid::regprocedure::text,
    format('%s %s %I(%s)', nspname, kind, proname, array_to_string(ARRAY(
      SELECT format_type(argument, NULL) FROM unnest(proargtypes) AS argument), ', ')), proacl
  FROM pg_proc AS of JOIN pg_namespace AS space ON space.oid = pronamespace, LATERAL (
    SELECT CASE prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END
  ) AS words (kind)
), kept (id, condition) AS (
  SELECT part.* FROM untrusted JOIN pg_extension USING (oid),
    unnest(extconfig, extcondition) AS part (id, condition)
  WHERE NOT has_table_privilege('$name', id, 'INSERT')
), objects AS (
  SELECT every.*, initprivs FROM every JOIN theirs USING (classid, objid)
    LEFT JOIN pg_init_privs ON classoid = classid AND objoid = objid AND objsubid = 0
)"

# $1 the new database, in which nobody else may make anything yet, $2 the project's, whose role is
# $name, $3 a file to use.
like_superuser() {
  know_limits
  _made=$(sql -d "$2" -f - <<END
$_objects, statements (place, number, statement) AS (
  SELECT 1, oid,
    format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %s', nspname, nspowner::regrole)
  FROM untrusted WHERE nspname != 'public' AND nspname !~ '^pg_' AND NOT has_schema_made
  UNION ALL SELECT 2, oid, format('CREATE EXTENSION IF NOT EXISTS %I', extname)
    || CASE WHEN has_schema_made THEN '' ELSE format(' WITH SCHEMA %I', nspname) END
  FROM untrusted
  UNION ALL SELECT 3, objid,
    format('COMMENT ON SCHEMA %s IS %L', named, obj_description(objid, 'pg_namespace'))
  FROM objects WHERE kind = 'SCHEMA'
  UNION ALL SELECT 4, objid, format('REVOKE ALL ON %s %s FROM %s', kind, named, whose)
  FROM objects, LATERAL (
    SELECT 'PUBLIC'
    UNION SELECT grantee::regrole::text FROM aclexplode(initprivs) WHERE grantee != 0
  ) AS words (whose)
  WHERE acl IS DISTINCT FROM initprivs
  UNION ALL SELECT 5, objid, format('GRANT %s ON %s %s TO %s', privilege_type, kind, named,
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
    || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  FROM objects, aclexplode(acl)
  WHERE acl IS DISTINCT FROM initprivs
)
SELECT statement || ';' FROM statements ORDER BY place, number
END
  ) || return
  # An extension may add to what a session begins with.
  (
    _options="$_options -c search_path=\"\$user\",public"
    printf '%s\n' "$_made" | sql -d "$1" -f -
  ) || return
  _kept=$(sql -d "$2" -c "$_objects SELECT id FROM kept") || return
  for _table in $_kept; do
    _head=$(_of_kept "$2" "CASE relkind
      WHEN 'S' THEN '' ELSE format('COPY %s FROM STDIN;', id::regclass) END") || return
    _rows=$(_of_kept "$2" "CASE relkind
      WHEN 'S' THEN format('SELECT format(%L, %L, last_value, is_called) FROM %s',
        'SELECT setval(%L, %s, %L);', id::regclass, id::regclass)
      ELSE format('COPY (SELECT * FROM %s %s) TO STDOUT', id::regclass, condition) END") || return
    {
      printf '%s\n' "$_head"
      sql -d "$2" -c "$_rows" || return
      [ -z "$_head" ] || printf '%s\n' '\.'
    } > "$3"
    sql -d "$1" -f - < "$3" > /dev/null || return
  done
}

# $1 the project's database, $2 what is asked of $_table, as SQL says it.
_of_kept() {
  sql -d "$1" -c "$_objects SELECT $2 FROM kept JOIN pg_class ON oid = id WHERE id = $_table"
}

# Leaves out of the list of a dump, which is on standard input, what the function above has made.
#
# $1 the new database, $2 the project's, $3 a file to use.
without_superusers() {
  {
    # An extension may have made other schemas besides its own.
    sql -d "$1" -c "SELECT format('SCHEMA - %s ', translate(nspname, E'\n\r', '  '))
      FROM pg_namespace WHERE nspname != 'public' AND nspname !~ '^pg_'" || return
    sql -d "$2" -f - <<END || return
$_objects
SELECT translate(begin || ' ', E'\n\r', '  ') FROM objects, LATERAL (
  SELECT 'ACL ' || tag
  UNION ALL SELECT 'COMMENT ' || tag WHERE kind = 'SCHEMA') AS words (begin)
UNION ALL SELECT format('%s %s %s ', kind, nspname, relname)
FROM kept JOIN pg_class AS of ON of.oid = id JOIN pg_namespace AS space ON space.oid = relnamespace,
  LATERAL (SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE SET' ELSE 'TABLE DATA' END) AS words (kind)
END
  } > "$3"
  awk '
    NR == FNR { made[NR] = $0; next }
    {
      entry = $0
      sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", entry)
      for (i in made) if (index(entry, made[i]) == 1) next
      print
    }' "$3" -
}
