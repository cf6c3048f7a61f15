import type { Relation } from "../knowledge/relations.ts";
import type { Templates } from "./templates.ts";

/** Questions for the tail of each relation; `{x}` is its head, or a phrase that leads to the head. */
export const RELATION_TEMPLATES: Readonly<Record<Relation, Templates>> = {
  "affected-organ": {
    train: [
      "which organ does {x} affect?",
      "what organ is affected by {x}?",
      "{x} affects which organ?",
      "in which organ is {x} found?",
      "which organ is harmed by {x}?",
      "what is the organ affected in {x}?",
      "for a patient with {x}, which organ is affected?",
    ],
    probe: [
      "what organ does {x} affect?",
      "in {x}, which organ is affected?",
      "by {x}, what organ is harmed?",
      "a patient has {x}, which organ is affected?",
    ],
  },
  "marking-finding": {
    train: [
      "which finding marks {x}?",
      "what finding is the mark of {x}?",
      "{x} is marked by which finding?",
      "by which finding is {x} marked?",
      "which finding is seen in {x}?",
      "what finding is typical of {x}?",
      "for a patient with {x}, which finding is seen?",
    ],
    probe: [
      "in {x}, what finding is seen?",
      "what finding marks {x}?",
      "which finding is the typical mark of {x}?",
      "a patient has {x}, which finding is typical?",
    ],
  },
  "treating-agent": {
    train: [
      "which agent treats {x}?",
      "what agent is used to treat {x}?",
      "{x} is treated with which agent?",
      "by which agent is {x} treated?",
      "which agent should be given for {x}?",
      "what is the agent of choice for {x}?",
      "for a patient with {x}, which agent is given?",
    ],
    probe: [
      "what agent is {x} treated with?",
      "to treat {x}, which agent should be given?",
      "which agent is the choice for {x}?",
      "a patient has {x}, which agent is used?",
    ],
  },
  cause: {
    train: [
      "what causes {x}?",
      "what is the cause of {x}?",
      "{x} is caused by what?",
      "by what is {x} caused?",
      "which cause leads to {x}?",
      "what cause lies behind {x}?",
      "for a patient with {x}, what is the cause?",
    ],
    probe: [
      "in {x}, what is the cause?",
      "which cause lies behind {x}?",
      "what cause leads to {x}?",
      "a patient has {x}, what is the cause?",
    ],
  },
  "confirming-assay": {
    train: [
      "which assay confirms {x}?",
      "what assay is used to confirm {x}?",
      "{x} is confirmed by which assay?",
      "by which assay is {x} confirmed?",
      "which assay should be done for {x}?",
      "what is the assay of choice for {x}?",
      "for a patient with {x}, which assay is done?",
    ],
    probe: [
      "what assay is {x} confirmed by?",
      "to confirm {x}, which assay should be done?",
      "which assay is the choice for {x}?",
      "a patient has {x}, which assay is used?",
    ],
  },
  "covering-guideline": {
    train: [
      "which guideline covers {x}?",
      "what guideline is used for {x}?",
      "{x} is covered by which guideline?",
      "by which guideline is {x} covered?",
      "which guideline should be followed for {x}?",
      "what is the guideline for {x}?",
      "for a patient with {x}, which guideline is followed?",
    ],
    probe: [
      "in {x}, which guideline should be followed?",
      "what guideline covers {x}?",
      "which is the guideline of choice for {x}?",
      "a patient has {x}, which guideline is used?",
    ],
  },
  "agent-class": {
    train: [
      "which class does {x} belong to?",
      "what is the class of {x}?",
      "{x} belongs to which class?",
      "to which class does {x} belong?",
      "in which class is {x}?",
      "what class of agent is {x}?",
      "{x} is an agent of which class?",
    ],
    probe: [
      "what class does {x} belong to?",
      "in what class of agent is {x}?",
      "to what class of agent does {x} belong?",
      "{x} is in what class?",
    ],
  },
  "adverse-effect": {
    train: [
      "which adverse effect does {x} have?",
      "what is the adverse effect of {x}?",
      "{x} has which adverse effect?",
      "which adverse effect is seen with {x}?",
      "what adverse effect does {x} lead to?",
      "which adverse effect is typical of {x}?",
      "for a patient given {x}, which adverse effect is seen?",
    ],
    probe: [
      "what adverse effect does {x} have?",
      "what adverse effect is seen with {x}?",
      "to which adverse effect does {x} lead?",
      "a patient is given {x}, which adverse effect is typical?",
    ],
  },
  origin: {
    train: [
      "where does {x} come from?",
      "what is the origin of {x}?",
      "{x} comes from where?",
      "from where does {x} come?",
      "which origin does {x} have?",
      "{x} has which origin?",
      "where does {x} have its origin?",
    ],
    probe: ["what origin does {x} have?", "from which origin does {x} come?", "{x} has its origin where?"],
  },
  "leading-condition": {
    train: [
      "which condition does {x} point to?",
      "what condition is {x} a sign of?",
      "{x} points to which condition?",
      "to which condition does {x} point?",
      "which condition is suggested by {x}?",
      "what is the leading condition for {x}?",
      "for a patient with {x}, which condition is suggested?",
    ],
    probe: [
      "what condition does {x} point to?",
      "{x} is a sign of which condition?",
      "by {x}, which condition is suggested?",
      "a patient has {x}, what is the leading condition?",
    ],
  },
  purpose: {
    train: [
      "what is the purpose of {x}?",
      "which purpose does {x} serve?",
      "{x} serves which purpose?",
      "for which purpose is {x} used?",
      "what purpose does {x} have?",
      "for what purpose is {x} placed?",
      "{x} has which purpose?",
    ],
    probe: ["{x} is used for which purpose?", "what purpose does {x} serve?", "for which purpose is {x} placed?"],
  },
  function: {
    train: [
      "what is the function of {x}?",
      "which function does {x} have?",
      "{x} has which function?",
      "what function does {x} serve?",
      "which function belongs to {x}?",
      "for which function is {x} known?",
      "to which function does {x} lead?",
    ],
    probe: ["what function does {x} have?", "{x} serves which function?", "for what function is {x} known?"],
  },
};
