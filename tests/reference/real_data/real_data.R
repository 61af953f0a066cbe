# Rscript real_data.R : real data sets mapped onto the frame (NAME.csv), and what lmerTest and pbkrtest say of them (NAME.json)
#   orthodont  (nlme)  distance of pituitary to pterygomaxillary fissure, mm: participant = child, group = sex, reader = age
#   orthodont-unbalanced      the same without the measurements at 10 and 12 years of every third child
#   orthodont-joint    the same data with age in place of muscle
#   cake       (lme4)  angle at breaking, degrees: participant = batch of a recipe, group = recipe A or C (B is left out), reader = temperature
#   penicillin (lme4)  diameter of inhibition, mm: participant = plate, group = plates a to l against m to x, reader = sample
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(jsonlite)})
control <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, xtol_rel = 0, ftol_abs = 1e-14, ftol_rel = 0, maxeval = 5000),
  check.conv.singular = "ignore")
M <- c("VL", "VM", "VI", "RF")
frame <- function(participant, group, reader, score, muscle = "VL")
  data.frame(participant, group, mri = paste0(participant, "-1"), reader, occasion = 1, sequence = "STIR", feature = "edema",
             muscle, side = "both", score)
tested <- function(estimate, se, df) {
  h <- qt(.975, df) * se
  list(estimate = estimate, se = se, df = df, statistic = estimate / se, p = 2 * pt(-abs(estimate / se), df), ci_low = estimate - h, ci_high = estimate + h)
}
answers <- function(name, d, groups, formula, coefficients) {
  x <- d[d$group %in% groups, ]
  x$group <- factor(x$group, levels = groups); x$muscle <- factor(x$muscle, levels = unique(x$muscle))
  fit <- lmerTest::lmer(formula, x, control = control)
  adjusted <- vcovAdj(fit); co <- summary(fit)$coefficients
  rows <- lapply(names(coefficients), function(muscle) {
    i <- coefficients[[muscle]]; L <- as.numeric(names(fixef(fit)) == i); estimate <- unname(fixef(fit)[i])
    list(muscle = muscle, kenward_roger = tested(estimate, sqrt(sum(L * as.numeric(as.matrix(adjusted) %*% L))), Lb_ddf(L, vcov(fit), adjusted)),
         satterthwaite = tested(estimate, co[i, "Std. Error"], unname(co[i, "df"])))
  })
  write.csv(d, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
  write(toJSON(list(groups = groups, formula = deparse(formula, width.cutoff = 200), muscles = rows), digits = NA, auto_unbox = TRUE, pretty = 1), paste0(name, ".json"))
}
one <- score ~ group + reader + (1 | participant)
orthodont <- with(as.data.frame(nlme::Orthodont), frame(as.character(Subject), as.character(Sex), sprintf("age%02d", age), distance))
answers("orthodont", orthodont, c("Male", "Female"), one, list(VL = "groupFemale"))
third <- orthodont$participant %in% unique(orthodont$participant)[c(TRUE, FALSE, FALSE)]
answers("orthodont-unbalanced", orthodont[!(third & orthodont$reader %in% c("age10", "age12")), ], c("Male", "Female"), one, list(VL = "groupFemale"))
ages <- transform(orthodont, muscle = M[match(reader, sort(unique(reader)))], reader = "one")
answers("orthodont-joint", ages, c("Male", "Female"), score ~ 0 + muscle + muscle:group + (1 | participant),
        setNames(as.list(paste0("muscle", M, ":groupFemale")), M))
recipes <- with(cake, frame(paste0(recipe, sprintf("%02d", as.integer(replicate))), as.character(recipe), as.character(temperature), angle))
answers("cake", recipes, c("A", "C"), one, list(VL = "groupC"))
plates <- with(Penicillin, frame(as.character(plate), ifelse(plate %in% letters[1:12], "first", "second"), as.character(sample), diameter))
answers("penicillin", plates, c("first", "second"), one, list(VL = "groupsecond"))
