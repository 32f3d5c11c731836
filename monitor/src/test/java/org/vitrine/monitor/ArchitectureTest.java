package org.vitrine.monitor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.vitrine.spi.testkit.HouseRules;

@AnalyzeClasses(
        packages = "org.vitrine.monitor",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLE =
            slices().matching("org.vitrine.(monitor..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FRONTENDS_ARE_FOUND_AT_RUN_TIME =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.vitrine.frontend..");

    @ArchTest
    static final ArchRule PLUGINS_KNOW_NO_MONITOR =
            noClasses()
                    .that()
                    .resideInAPackage("..monitor.plugin..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..monitor.command..",
                            "..monitor.qmp..",
                            "..monitor.terminal..",
                            "com.google.gson..");

    @ArchTest
    static final ArchRule COMMANDS_KNOW_NEITHER_WIRE_NOR_TERMINAL =
            noClasses()
                    .that()
                    .resideInAPackage("..monitor.command..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..monitor.qmp..", "..monitor.terminal..", "java.net..", "org.jline..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = HouseRules.NAMES_SAY_WHAT_A_CLASS_IS;
}
