// node --import tsx test/kernels/onnx/write-operator-table.ts   Writes the operator table into kernels/onnx/README.md. Needs the
// test data, which says what each operator is tested on.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { BEGIN, END, operatorTable, writtenTable } from "./operator-table.ts";

const path = resolve(import.meta.dirname, "../../../kernels/onnx/README.md");
const readme = readFileSync(path, "utf8");
const before = `${BEGIN}\n\n${writtenTable(readme)}\n\n${END}`;
const after = `${BEGIN}\n\n${operatorTable()}\n\n${END}`;
const [start, end] = [readme.indexOf(BEGIN), readme.indexOf(END) + END.length];
writeFileSync(path, readme.slice(0, start) + after + readme.slice(end));
console.log(before === after ? "The table was up to date." : "The table was written anew.");
