# Rscript reference3.R NAME: what R says of NAME.grades.csv adjusted for the covariates of NAME.own.csv, which a study
# defines: a number and one of three levels, none the reference; set "all", IMNM reference, DM compared. Kenward-Roger
# as in reference2.R; complete cases of the covariates.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(jsonlite)})
name <- commandArgs(TRUE)[1]
M <- c('VL','VM','VI','RF','BFSH','BFLH','SM','ST','ADD','GR','SA')
p <- read.csv(paste0(name, ".participants.csv")); d <- read.csv(paste0(name, ".grades.csv"))
own <- read.csv(paste0(name, ".own.csv"), na.strings = "")
d <- merge(merge(d, p[c("participant", "mri", "group")]), own); d <- d[!is.na(d$score), ]
d$group <- factor(d$group, levels = c("IMNM", "DM")); d$reader <- factor(d$reader); d$side <- factor(d$side)
d$treatment <- factor(d$treatment, levels = c("none", "steroids", "IVIG"))
ctrl <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, xtol_rel = 0, ftol_abs = 1e-14, ftol_rel = 0, maxeval = 5000), check.conv.grad = "ignore", check.conv.hess = "ignore", check.conv.singular = "ignore")
fixed <- function(x) paste0(if (nlevels(x$reader) > 1) " + reader" else "", if (nlevels(x$side) > 1) " + side" else "")
adjust <- function(cov) lapply(M, function(m) { x <- droplevels(d[d$muscle == m & complete.cases(d[cov]), ])
  f <- suppressMessages(suppressWarnings(lmerTest::lmer(as.formula(paste("score ~ group +", paste(cov, collapse = " + "), fixed(x), "+ (1|participant)")), x, control = ctrl)))
  L <- as.numeric(names(fixef(f)) == "groupDM"); A <- vcovAdj(f); e <- unname(fixef(f)["groupDM"])
  se <- sqrt(sum(L * as.numeric(as.matrix(A) %*% L))); df <- Lb_ddf(L, vcov(f), A); h <- qt(.975, df) * se
  list(muscle = m, estimate = e, se = se, df = df, statistic = e / se, p = 2 * pt(-abs(e / se), df), ci_low = e - h, ci_high = e + h,
    participants = length(unique(x$participant)), status = if (isSingular(f)) "boundary" else "ok") })
out <- list(name = name, R = R.version.string, lme4 = as.character(packageVersion("lme4")), pbkrtest = as.character(packageVersion("pbkrtest")),
  adjusted = list(treatment = adjust("treatment"), `treatment+vital_capacity` = adjust(c("treatment", "vital_capacity"))))
write(toJSON(out, digits = NA, auto_unbox = TRUE, null = "null", na = "null", pretty = 1), paste0(name, ".own.json"))
