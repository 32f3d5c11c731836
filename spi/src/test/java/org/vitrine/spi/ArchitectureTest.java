package org.vitrine.spi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.vitrine.spi.testkit.HouseRules;

@AnalyzeClasses(packages = "org.vitrine.spi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule NEEDS_ONLY_THE_JDK_AND_SLF4J =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "org.slf4j..", "org.vitrine.spi..");

    @ArchTest
    static final ArchRule NEEDS_NO_DESKTOP =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.awt..", "javax.swing..", "java.sql..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLE =
            slices().matching("org.vitrine.(spi..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule INPUT_AND_DISPLAY_KNOW_NEITHER_EACH_OTHER_NOR_FRONTENDS =
            noClasses()
                    .that()
                    .resideInAnyPackage("..spi.input..", "..spi.display..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.vitrine.spi");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = HouseRules.NAMES_SAY_WHAT_A_CLASS_IS;

    @ArchTest
    static final ArchRule NOTHING_IS_WRITTEN_TO_STANDARD_STREAMS =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
