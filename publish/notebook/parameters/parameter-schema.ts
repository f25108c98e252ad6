import type {Parameter} from "./parameter-cell.js";
import {
  isSecret,
  type ObjectType,
  type ParameterType,
  type RecordType,
} from "./types/parameter-type.js";

type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema (draft 2020-12) of the values that a notebook takes, as one object by name. */
export function parameterSchema(title: string, parameters: readonly Parameter[]): Schema {
  const properties = parameters.map((parameter) => [parameter.name, propertyOf(parameter)]);
  const required = parameters.filter(isRequired).map(({name}) => name);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    type: "object",
    properties: Object.fromEntries(properties) as unknown,
    ...(required.length > 0 && {required}),
    additionalProperties: false,
  };
}

/** Whether a value must be given: there is no default; a secret's empty text is none. */
export function isRequired({hasDefault, fallback, type}: Parameter): boolean {
  const isEmpty = isSecret(type) && fallback === "";
  const isOptional = type.kind === "union" && type.members.some(({kind}) => kind === "undefined");
  return (!hasDefault && !isOptional) || isEmpty;
}

function propertyOf({comment, fallback, type}: Parameter): Schema {
  const hasValue = fallback !== undefined && !isSecret(type);
  return {
    ...schemaOf(type),
    ...(comment !== "" && {description: comment}),
    ...(hasValue && {default: fallback}),
  };
}

function schemaOf(type: ParameterType): Schema {
  switch (type.kind) {
    case "string":
    case "number":
    case "boolean":
    case "integer":
    case "null":
      return {type: type.kind};
    case "undefined":
      return {type: "null"};
    case "date":
    case "dateText":
      return {type: "string", description: "ISO 8601; without a zone it is UTC"};
    case "secret":
      return {type: "string", writeOnly: true};
    case "literal":
      return {const: type.value};
    case "union":
      return schemaOfUnion(type.members);
    case "array":
      return {type: "array", items: schemaOf(type.element)};
    case "tuple":
      return {
        type: "array",
        prefixItems: type.elements.map(schemaOf),
        minItems: type.required ?? type.elements.length,
        items: type.rest === undefined ? false : schemaOf(type.rest),
      };
    case "enum":
      return {enum: type.members.map(({value}) => value)};
    case "foreign":
      return {not: {}};
    case "pattern":
      return {type: "string", pattern: type.pattern};
    case "record":
      return schemaOfRecord(type);
    case "object":
      return schemaOfObject(type);
    case "unknown":
      return {};
  }
}

function schemaOfRecord({keys, value}: RecordType): Schema {
  return keys === undefined
    ? {type: "object", additionalProperties: schemaOf(value)}
    : {
        type: "object",
        patternProperties: {[keys.pattern]: schemaOf(value)},
        additionalProperties: false,
      };
}

function schemaOfObject({fields, others}: ObjectType): Schema {
  const required = fields.filter(({isOptional}) => !isOptional).map(({name}) => name);
  const properties = fields.map(({name, type}) => [name, schemaOf(type)]);
  return {
    type: "object",
    properties: Object.fromEntries(properties) as unknown,
    ...(required.length > 0 && {required}),
    additionalProperties: others === undefined ? false : schemaOf(others),
  };
}

function schemaOfUnion(members: readonly ParameterType[]): Schema {
  const values = members.map((member) => {
    if (member.kind === "literal") return member.value;
    return member.kind === "null" ? null : undefined;
  });
  return values.includes(undefined) ? {anyOf: members.map(schemaOf)} : {enum: values};
}
