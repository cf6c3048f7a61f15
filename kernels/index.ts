// What a cell imports as "medke".
export type { EditCase, ImageRef, Probe, ProbeKind } from "../datasets/case.ts";
export { COUNTERFACTUAL_NOTICE } from "../datasets/case.ts";
export type { BenchmarkCases } from "../datasets/cases.ts";
export { dataFolder } from "../datasets/data-folder.ts";
export { type BenchmarkName, benchmarks } from "../datasets/index.ts";
export { caseCard, picture } from "./display/case-card.ts";
export { confusionPlot } from "./display/confusion-plot.ts";
export { curvesPlot, type CurvesPlotOptions } from "./display/curves-plot.ts";
export { editDiff } from "./display/edit-diff-view.ts";
export { metricsPlot, type MetricsPlotOptions } from "./display/metrics-plot.ts";
export type { ReportedPoint } from "./display/reported-point.ts";
export { reportedPoints } from "./display/reported-points.ts";
export {
  type PublishedFigure,
  type PublishedTable,
  publishedTable,
  publishedTables,
} from "../datasets/published/index.ts";
export type { Displayable, MimeBundle } from "./display/mime.ts";
export { MIME_BUNDLE } from "./display/mime.ts";
export { phantomSheet, type PhantomSheetOptions } from "./display/phantom-sheet.ts";
export { adalora, type AdaloraOptions } from "./editors/adalora.ts";
export { alphaEdit, type AlphaEditOptions } from "./editors/alphaedit.ts";
export { balancEdit, type BalancEditOptions } from "./editors/balancedit.ts";
export { emmet, type EmmetOptions } from "./editors/emmet.ts";
export { ftAll } from "./editors/ft-all.ts";
export type { FtSiteOptions } from "./editors/ft-editor.ts";
export { ftL } from "./editors/ft-l.ts";
export { ftLlm } from "./editors/ft-llm.ts";
export { ftM } from "./editors/ft-m.ts";
export { ftProj } from "./editors/ft-proj.ts";
export { ftVision } from "./editors/ft-vision.ts";
export { grace, type GraceOptions } from "./editors/grace.ts";
export { ike, type IkeOptions } from "./editors/ike.ts";
export { lora, type LoraOptions } from "./editors/lora.ts";
export { melo, type MeloOptions } from "./editors/melo.ts";
export { memit, type MemitOptions } from "./editors/memit.ts";
export { noOp } from "./editors/no-op.ts";
export { oracle } from "./editors/oracle.ts";
export { pmet, type PmetOptions } from "./editors/pmet.ts";
export { randomDirection, type RandomDirectionOptions } from "./editors/random-direction.ts";
export { retrievalPrompt, type RetrievalPromptOptions } from "./editors/retrieval-prompt.ts";
export { rome, type RomeOptions } from "./editors/rome.ts";
export { rRome } from "./editors/r-rome.ts";
export { simie, type SimieWrapperOptions } from "./editors/simie.ts";
export { tPatcher, type TPatcherOptions } from "./editors/t-patcher.ts";
export { ultraEdit, type UltraEditOptions } from "./editors/ultraedit.ts";
export { wise, type WiseOptions } from "./editors/wise.ts";
export type { Capability, EditContext, Editor } from "./editors/editor.ts";
export { EDITOR_IDS, type EditorId, editorNamed, editors } from "./editors/index.ts";
export { applyPack, type EditPack, loadPack, savePack, type SavePackOptions } from "./editors/pack/index.ts";
export { casesCorpus, type Corpus, corpusOf, type CorpusText } from "./editors/statistics/corpus.ts";
export { phantomCorpus } from "./editors/statistics/default-corpus.ts";
export {
  type GatheredStatistics,
  gatheredStatistics,
  type StatisticsOptions,
} from "./editors/statistics/gathered-statistics.ts";
export type { KeyStatistics, StatisticsSource } from "./editors/statistics-source.ts";
export { CancelledError, UserFacingError } from "./errors.ts";
export { type CaseSource, evaluate, type EvaluateOptions } from "./evaluation/evaluate.ts";
export { type ConfusionOptions, evaluateConfusion } from "./evaluation/confusion/evaluate-confusion.ts";
export type { ConfusionEvaluation } from "./evaluation/confusion/result.ts";
export { EvaluationCancelledError } from "./evaluation/evaluation-cancelled-error.ts";
export { fluency, type FluencyOptions } from "./evaluation/fluency/fluency.ts";
export { medlasaSummaryOf, medrekSummaryOf } from "./evaluation/official-summary.ts";
export { PROFILE_NAMES } from "./evaluation/profiles/index.ts";
export type { CaseResult, Evaluation, ProbeResult, ResultRow } from "./evaluation/result.ts";
export {
  compareEditors,
  type CompareOptions,
  type ComparisonRow,
  type EditorComparison,
} from "./evaluation/comparison/compare-editors.ts";
export { PROTOCOL_NAMES } from "./evaluation/protocols/index.ts";
export { exportComparison, exportTable, type TableFormat, type TableOptions } from "./evaluation/tables/index.ts";
export { readEvaluation } from "./evaluation/tables/read-evaluation.ts";
export { formatResults, resultsTable } from "./evaluation/results-table.ts";
export { evaluateVqa, type VqaEvaluation, type VqaOptions } from "./evaluation/vqa/evaluate-vqa.ts";
export { withoutTimes } from "./evaluation/without-times.ts";
export { loadCases, type LoadCasesOptions } from "./load-cases.ts";
export type { Edit, Intervention, Scope, SiteId } from "./models/edit.ts";
export type { EditableModel } from "./models/editable-model.ts";
export { loadModel, type LoadOptions } from "./models/load-model.ts";
export type { AnswerScore, Model, Query } from "./models/model.ts";
export { loadRetrievalEncoder, type RetrievalEncoder } from "./models/phantom/retrieval/load-encoder.ts";
export { runPlan, type RunOptions, type RunReport } from "./runs/run.ts";
export type { DeviceChoice, DeviceReport } from "./runtime/device.ts";
/** The typed graph builder: layers, initialisers and whole networks, as `build.linear`, `build.llama` and so on. */
export * as build from "./onnx/build/index.ts";
export { crossEntropy } from "./onnx/losses/cross-entropy.ts";
export { squaredError } from "./onnx/losses/squared-error.ts";
export { Runtime } from "./runtime/runtime.ts";
export { padSequences, train, type TrainOptions, type TrainingProgress } from "./runtime/training/index.ts";
